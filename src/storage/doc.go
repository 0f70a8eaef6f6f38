// Package storage implements k8s.io/apiserver's storage.Interface on SQL databases.
//
// It is the uppermost of three layers. A store (one per resource; Kubernetes semantics, codec,
// encryption) hands bytes to package changelog, which puts all writes that wait into one
// transaction of a database, below the interface in package driver. A change comes back the other
// way: from the log of revisions to the subscriptions of the watchers it concerns.
//
//	backend, err := sqlite.Open(ctx, sqlite.Options{Path: "objects.db"})
//	engine, err := storage.Open(ctx, backend, storage.Options{Log: changelog.Options{Name: "bakery"}})
//	storage.ConfigureEtcdOptions(options.Etcd) // before options.Validate
//	err = options.ApplyTo(config)
//	storage.StopEtcdMetrics()
//	config.RESTOptionsGetter = engine.RESTOptionsGetter(config.RESTOptionsGetter)
//
// From then on everything that the generic API server stores is in the database. The package knows
// nothing of the types that are stored.
//
// # Caveats
//
// A write whose context ends while its commit is in flight returns the context's error, and may
// still take place. So may one that fails with status 503, if the message says so.
//
// All resources of a database share one sequence of revisions. After the database went back to an
// earlier state, revisions continue 10⁹ higher and all watches end with status 410.
//
// StoreConfig.Codec must encode an object to the same bytes each time, or updates that change
// nothing are written. SQL users can query only values that are JSON objects.
//
// A row that is changed behind the Engine's back gets no revision: no watch hears of the change,
// and watch caches keep the former state.
//
// CompactionWindow is measured by the clock of the process, commit times by that of the database:
// where they disagree, history is that much shorter or longer.
//
// RESTOptionsGetter replaces the decorator of the options it is given, by its own watch cache
// unless that was generic.UndecoratedStorage: a custom decorator is lost.
//
// Three things of the whole process are changed. Open registers metrics with Kubernetes'
// legacyregistry, and replaces DefaultFeatureSupportChecker of
// k8s.io/apiserver/pkg/storage/feature, which would ask an etcd for its version. StopEtcdMetrics
// replaces what tells metrics the size of etcd's database. For stores on etcd in the same process
// both answers are then wrong.
package storage
