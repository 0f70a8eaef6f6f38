// Package certificate has the certificates that servers make for themselves: of authorities, and
// those that these issue. Where they are kept, and when they are renewed, is up to others.
package certificate
