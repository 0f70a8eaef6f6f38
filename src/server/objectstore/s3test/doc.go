// Package s3test runs servers that speak the protocol of Amazon S3 for tests: Versity's gateway, on
// a directory, by TLS. tools/cluster setup builds the program.
//
//	server := s3test.New(t)
//	server.Environment(t)
//	… server.URL, server.CAFile, s3test.Bucket …
package s3test
