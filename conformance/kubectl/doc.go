// Package kubectl holds tests of what people do with kubectl and ark-apiserver. Both are the real programs,
// as processes; what a test asserts is what a person would read on the terminal.
//
// Each test runs against two installations, in subtests of their names:
//
//   - sqlite is one server.
//   - postgresql is two servers on one database. The test writes through the first one and reads and
//     watches through the second one.
//
// The servers are shared, so that each test has a namespace of its own, and cluster-wide objects are named after it.
// Tests that stop a server or its database start their own.
//
// Programs that are needed:
//
//   - kubectl: $KUBECTL, bin/kubectl (tools/kubernetes-binaries kubectl builds it), or the one in PATH, in this order.
//   - ark-apiserver: $ARK_APISERVER, or else it is built.
//   - PostgreSQL and diff, from the system's packages.
package kubectl
