package aggregated

import (
	"slices"

	"github.com/spf13/pflag"

	cliflag "k8s.io/component-base/cli/flag"
	logsapi "k8s.io/component-base/logs/api/v1"

	"ark.ai/apiserver/src/server/arkgroup"
)

// withoutUse are upstream's flags for what an aggregated server does not have.
var withoutUse = []string{"cert-dir", "authentication-tolerate-lookup-failure"}

// AddFlags adds our flags, and those of upstream's that make sense here.
func (o *Options) AddFlags(sets *cliflag.NamedFlagSets) {
	storage := sets.FlagSet("storage")
	o.Storage.AddFlags(storage)
	storage.Lookup("sqlite-path").Usage = "SQLite database file. Default: " + defaultSQLitePath + "."
	arkgroup.AddFlags(o.Recommended.Etcd, storage)

	cluster := sets.FlagSet("cluster")
	cluster.StringVar(&o.Kubeconfig, "kubeconfig", o.Kubeconfig,
		"Kubeconfig file for the cluster's API server. Default: the service account of the pod.")

	o.addUpstreamFlags(sets)
	for _, of := range []string{"authentication", "authorization"} {
		sets.FlagSet(of).Lookup(of + "-kubeconfig").Usage = "Kubeconfig file for the cluster's API server that decides about " + of + ". Default: that of --kubeconfig."
	}
	o.ServingCertificate.AddFlags(sets.FlagSet("secure serving"))
	sets.FlagSet("secure serving").Lookup("tls-cert-file").Usage =
		"File with the certificate for HTTPS, followed by those of the authorities that signed it. It has to be for SERVICE.NAMESPACE.svc. " +
			"A new one is used without a restart."
}

func (o *Options) addUpstreamFlags(sets *cliflag.NamedFlagSets) {
	for _, group := range []struct {
		name string
		add  func(*pflag.FlagSet)
	}{
		{"generic", o.Run.AddUniversalFlags},
		{"secure serving", o.Recommended.SecureServing.AddFlags},
		{"authentication", o.Recommended.Authentication.AddFlags},
		{"authorization", o.Recommended.Authorization.AddFlags},
		{"auditing", o.Recommended.Audit.AddFlags},
		{"features", o.Recommended.Features.AddFlags},
		{"admission", o.Recommended.Admission.AddFlags},
		{"traces", o.Recommended.Traces.AddFlags},
		{"metrics", o.Metrics.AddFlags},
		{"logs", func(set *pflag.FlagSet) { logsapi.AddFlags(o.Logs, set) }},
	} {
		var all pflag.FlagSet
		group.add(&all)
		set := sets.FlagSet(group.name)
		all.VisitAll(func(flag *pflag.Flag) {
			if !slices.Contains(withoutUse, flag.Name) {
				set.AddFlag(flag)
			}
		})
	}
}
