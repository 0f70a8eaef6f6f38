// Package kubectl verifies what people do with kubectl. It is the real program, as a process; what
// a spec asserts is what a person would read on the terminal.
//
// The specs talk to any cluster that serves the Ark API. Where that is several servers on one
// database with nothing in front of them, they write through the first one and read and watch
// through the last one.
//
// Kubernetes' own behaviour is the measure: against the same kinds as CustomResourceDefinitions the
// suite passes too, but for the specs with the label "beyond custom resources".
//
// kubectl is $KUBECTL, the one in bin, or the one in PATH, in this order. kubectl diff needs diff,
// from the system's packages.
package kubectl
