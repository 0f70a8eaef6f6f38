package server

import (
	"github.com/spf13/pflag"

	genericoptions "k8s.io/apiserver/pkg/server/options"
	etcdmetrics "k8s.io/apiserver/pkg/storage/etcd3/metrics"
)

// ConfigureRegistry prepares upstream's options of storage, which are named after etcd, for a server whose
// database is not etcd: they still decide about encoding, encryption and watch caches.
func ConfigureRegistry(options *genericoptions.EtcdOptions) {
	// JSON columns can be queried by whoever has access to the database.
	options.DefaultStorageMediaType = "application/json"
	// Keys start with the group, as the view resources expects, and not with etcd's /registry.
	options.StorageConfig.Prefix = ""
	// The checks would call etcd.
	options.SkipHealthEndpoints = true
	// Never called, but upstream refuses to go on without any.
	options.StorageConfig.Transport.ServerList = []string{"sql"}
}

// StopEtcdMetrics keeps /metrics from asking etcd for its size. Upstream sets this up each time options
// are applied to a config; call it after the last time.
func StopEtcdMetrics() {
	etcdmetrics.SetStorageMonitorGetter(func() ([]etcdmetrics.Monitor, error) { return nil, nil })
}

// AddRegistryFlags adds those of upstream's storage flags that have nothing to do with etcd.
func AddRegistryFlags(options *genericoptions.EtcdOptions, flags *pflag.FlagSet) {
	all := pflag.NewFlagSet("", pflag.ContinueOnError)
	options.AddFlags(all)
	for _, name := range []string{
		"delete-collection-workers",
		"encryption-provider-config",
		"encryption-provider-config-automatic-reload",
		"watch-cache",
		"watch-cache-sizes",
	} {
		flags.AddFlag(all.Lookup(name))
	}
	flags.Lookup("encryption-provider-config").Usage =
		"The file containing configuration for encryption providers to be used for storing resources in the database."
}
