// Package upstream verifies src/storage by the hardest user there is: kube-apiserver itself, which
// stores with it instead of in etcd, has to pass the tests that Kubernetes has for its API
// machinery, as far as these need no nodes. They are run as they are, in a module of its own,
// because they need much that the product does not.
//
// The same checks are run with etcd. What passes there has to pass here.
package upstream
