package standalone

import (
	"slices"
	"strings"

	"github.com/spf13/pflag"

	cliflag "k8s.io/component-base/cli/flag"

	"ark.ai/apiserver/src/server/arkgroup"
)

// withoutUse are upstream's flags, and groups of flags, for what a standalone server does not have:
// a cluster network, nodes, a directory with nothing but certificates, peers of another version.
var (
	groupsWithoutUse = []string{"etcd", "egress selector"}
	flagsWithoutUse  = []string{
		"cert-dir",
		"enable-aggregator-routing",
		"enable-logs-handler",
		"peer-advertise-ip",
		"peer-advertise-port",
		"peer-ca-file",
	}
)

// AddFlags adds our flags, and those of upstream's that make sense here.
func (o *Options) AddFlags(sets *cliflag.NamedFlagSets) {
	storage := sets.FlagSet("storage")
	storage.StringVar(&o.DataDir, "data-dir", o.DataDir,
		"Directory of the generated certificates and keys, the administrator's kubeconfig and the SQLite database. "+
			"Default: $XDG_DATA_HOME/ark-apiserver, or ~/.local/share/ark-apiserver.")
	o.Storage.AddFlags(storage)
	arkgroup.AddFlags(o.ControlPlane.Etcd, storage)

	var upstream cliflag.NamedFlagSets
	o.ControlPlane.AddFlags(&upstream)
	for _, group := range upstream.Order {
		if slices.Contains(groupsWithoutUse, group) {
			continue
		}
		set := sets.FlagSet(group)
		upstream.FlagSets[group].VisitAll(func(flag *pflag.Flag) {
			if slices.Contains(flagsWithoutUse, flag.Name) {
				return
			}
			flag.Usage = strings.ReplaceAll(flag.Usage, "in etcd", "in the database")
			set.AddFlag(flag)
		})
	}

	serving := sets.FlagSet("secure serving")
	serving.Lookup("bind-address").Usage = "The IP address to listen on; 0.0.0.0 or :: for all."
	serving.Lookup("secure-port").Usage = "The port to serve HTTPS on. 0 picks a free one."
	serving.Lookup("tls-cert-file").Usage =
		"File with the certificate for HTTPS, followed by those of the authorities that signed it. " +
			"Default: one that is issued by the authority in the data directory."
	serving.StringSliceVar(&o.ExtraNames, "tls-san", o.ExtraNames,
		"Further host names and addresses that clients use for this server, for the certificate that is generated.")
	authentication := sets.FlagSet("authentication")
	authentication.Lookup("client-ca-file").Usage =
		"File with certificate authorities: client certificates that they signed are accepted, with the common name as user " +
			"and the organizations as groups. The authority in the data directory is accepted in any case."
	authentication.Lookup("service-account-issuer").Usage += " Default: " + defaultIssuer + "."
	sets.FlagSet("authorization").Lookup("authorization-mode").Usage += " Default: RBAC."
}
