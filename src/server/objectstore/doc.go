// Package objectstore keeps files in buckets of servers that speak the protocol of Amazon S3. An
// object is there when it is complete: a reader never sees half of one.
package objectstore
