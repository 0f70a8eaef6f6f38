// Package servingcertificate has the replicas of a server behind a Kubernetes cluster's API server
// make and renew their certificate by themselves, and tell kube-apiserver to trust it.
//
// Everything is in one Secret: whoever finds it without a certificate, with a damaged one or with
// one that is due writes another one, and those who come second take that. All serve it without a
// restart. Its authority is renewed long before it ends, and trusted long before it issues
// anything, so that kube-apiserver can verify every replica at every moment.
package servingcertificate
