package arkgroup

import (
	"github.com/spf13/pflag"

	genericoptions "k8s.io/apiserver/pkg/server/options"
)

// AddFlags adds those of upstream's storage flags that have nothing to do with etcd.
func AddFlags(options *genericoptions.EtcdOptions, flags *pflag.FlagSet) {
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
