// Package aggregated assembles the server that runs behind a Kubernetes cluster's own API server.
// An APIService makes kube-apiserver pass requests for group ark.ai on to it; who may do what, and
// which webhooks, policies and quotas apply, it asks the cluster.
package aggregated
