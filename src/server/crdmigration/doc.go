// Package crdmigration moves the objects of CustomResourceDefinitions of the Ark group to the
// database of aggregated servers, with their uids, while the cluster works.
//
// All steps can be repeated, and what was done is found out by looking: a ValidatingAdmissionPolicy
// in the cluster says that a migration has begun, its binding that writes are refused, the
// APIServices who answers. A command that was killed is started again.
package crdmigration
