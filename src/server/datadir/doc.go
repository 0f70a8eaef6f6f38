// Package datadir keeps the files that a server without a Kubernetes cluster around it needs: its
// own certificate authority, the serving and administrator certificates that it issues, the key
// that signs service account tokens, the administrator's kubeconfig, and the place of the default
// database.
//
// Whatever is there is used again; whatever is missing is made. Everything is made
// readable by its owner only, and what others may change is refused.
package datadir
