// Package standalone runs the Ark API server by itself, without a Kubernetes cluster: Kubernetes'
// own generic control plane (with its aggregator, custom resources, authentication, RBAC, admission
// and controllers) on our storage, and the Ark group in it.
//
// The assembly follows k8s.io/kubernetes/pkg/controlplane/apiserver/samples/generic: Options are
// filled in by flags, completed and validated; a Config is made of them and completed; a server is
// made of that and run.
package standalone
