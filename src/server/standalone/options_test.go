package standalone_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/spf13/pflag"

	cliflag "k8s.io/component-base/cli/flag"

	"ark.ai/apiserver/src/server/standalone"
)

func TestContradictingFlagsAreRefused(t *testing.T) {
	for _, test := range []struct {
		flags string
		want  string // part of the error; "" if there is none
	}{
		{"", ""},
		{"--storage-driver=postgresql --postgresql-host=db --postgresql-sslmode=verify-full", ""},
		{"--sqlite-path=/tmp/x.db", ""},
		{"--secure-port=0", ""},
		{"--watch-cache=false --watch-cache-sizes=queries.ark.ai#0 --delete-collection-workers=3", ""},
		{"--encryption-provider-config=/x --shutdown-delay-duration=5s --audit-log-path=- --tracing-config-file=/x", ""},
		{"--storage-driver=mysql --mysql-host=db --mysql-tls-mode=verify-identity", ""},
		{"--storage-driver=oracle", `--storage-driver: Invalid value: "oracle": must be one of sqlite, postgresql, mysql`},
		{"--storage-driver=mysql --postgresql-host=db", "--postgresql-host has no effect with --storage-driver=mysql"},
		{"--storage-driver=postgresql --mysql-host=db", "--mysql-host has no effect with --storage-driver=postgresql"},
		{"--mysql-max-connections=9", "--mysql-max-connections has no effect with --storage-driver=sqlite"},
		{"--storage-driver=mysql --sqlite-path=/x", "--sqlite-path has no effect with --storage-driver=mysql"},
		{"--storage-driver=mysql --mysql-tls-mode=always", `--mysql-tls-mode: Invalid value: "always": must be one of disabled, preferred,`},
		{"--storage-driver=mysql --mysql-dsn-file=/x --mysql-host=db", "--mysql-host has no effect with --mysql-dsn-file"},
		{"--storage-driver=mysql --mysql-port=99999", "--mysql-port: Invalid value: 99999: must be between 1 and 65535, inclusive"},
		{"--storage-driver=mysql --mysql-max-connections=3", "--mysql-max-connections: Invalid value: 3: must be greater than or equal to 4"},
		{"--postgresql-port=5433", "--postgresql-port has no effect with --storage-driver=sqlite"},
		{"--storage-driver=postgresql --sqlite-path=/x", "--sqlite-path has no effect with --storage-driver=postgresql"},
		{"--storage-driver=postgresql --postgresql-sslmode=always", `--postgresql-sslmode: Invalid value: "always": must be one of disable, allow,`},
		{"--storage-driver=postgresql --postgresql-dsn-file=/x --postgresql-host=db", "--postgresql-host has no effect with --postgresql-dsn-file"},
		{"--storage-driver=postgresql --postgresql-port=99999", "--postgresql-port: Invalid value: 99999: must be between 1 and 65535, inclusive"},
		{"--storage-driver=postgresql --postgresql-max-connections=4", ""},
		{"--storage-driver=postgresql --postgresql-max-connections=3", "--postgresql-max-connections: Invalid value: 3: must be greater than or equal to 4"},
		{"--compaction-max-bytes=1Mi", `--compaction-max-bytes: Invalid value: "1Mi": must be 0, or greater than or equal to 16Mi`},
		{"--compaction-window=1s", `--compaction-window: Invalid value: "1s": must be greater than or equal to 1m0s`},
		{"--secure-port=70000", "--secure-port: Invalid value: 70000: must be between 0 and 65535, inclusive"},
		{"--tls-cert-file=/x", "--tls-cert-file and --tls-private-key-file must be specified together"},
		{"--authorization-mode=Node,RBAC", "--authorization-mode=Node"},
		{"--etcd-servers=http://localhost:2379", "unknown flag: --etcd-servers"},
		{"--postgresql-password=secret", "unknown flag: --postgresql-password"},
		{"--cert-dir=/x", "unknown flag: --cert-dir"},
	} {
		t.Run(test.flags, func(t *testing.T) {
			options := standalone.NewOptions()
			var sets cliflag.NamedFlagSets
			options.AddFlags(&sets)
			all := pflag.NewFlagSet("", pflag.ContinueOnError)
			for _, set := range sets.FlagSets {
				all.AddFlagSet(set)
			}
			err := all.Parse(strings.Fields(test.flags))
			if err == nil {
				err = errors.Join(options.Validate()...)
			}
			switch {
			case test.want == "" && err != nil:
				t.Errorf("refused: %v", err)
			case test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)):
				t.Errorf("%v, not %q", err, test.want)
			}
		})
	}
}

func TestNoFlagMentionsEtcd(t *testing.T) {
	var sets cliflag.NamedFlagSets
	standalone.NewOptions().AddFlags(&sets)
	for _, set := range sets.FlagSets {
		set.VisitAll(func(flag *pflag.Flag) {
			// Kubernetes' feature gates have the names that they have.
			if flag.Name != "feature-gates" && strings.Contains(strings.ToLower(flag.Name+flag.Usage), "etcd") {
				t.Errorf("--%s: %s", flag.Name, flag.Usage)
			}
		})
	}
}
