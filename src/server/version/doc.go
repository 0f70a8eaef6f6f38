// Package version is that of the Ark API server, and of the Kubernetes that it serves as.
package version
