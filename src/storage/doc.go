// Package storage implements k8s.io/apiserver's storage.Interface on SQL databases.
//
// A write takes two hops: a store (one per resource; Kubernetes semantics, codec, encryption) hands bytes
// to the Engine's committer, which puts all writes that wait into one transaction of the Backend (rows and
// revisions). A change comes back the other way: the hub follows the log of revisions and hands each
// change to the subscriptions of the watchers it concerns.
//
//	backend, err := sqlite.Open(ctx, sqlite.Options{Path: "objects.db"})
//	engine, err := storage.Open(ctx, backend, storage.Options{})
//	storage.ConfigureEtcdOptions(options.Etcd) // before options.Validate
//	err = options.ApplyTo(config)
//	storage.StopEtcdMetrics()
//	config.RESTOptionsGetter = engine.RESTOptionsGetter(config.RESTOptionsGetter)
//
// From then on everything that the generic API server stores is in the database. The package knows
// nothing of the types that are stored.
package storage
