package aggregated

import (
	"errors"
	"strings"
	"testing"

	cliflag "k8s.io/component-base/cli/flag"
)

func valid() *Options {
	o := NewOptions()
	o.Kubeconfig = "cluster.kubeconfig"
	o.Recommended.SecureServing.ServerCert.CertKey.CertFile = "tls.crt"
	o.Recommended.SecureServing.ServerCert.CertKey.KeyFile = "tls.key"
	return o
}

func TestOptionsThatContradictEachOther(t *testing.T) {
	for want, change := range map[string]func(*Options){
		"":                func(*Options) {},
		"--tls-cert-file": func(o *Options) { o.Recommended.SecureServing.ServerCert.CertKey.CertFile = "" },
		"can't be specified with --serving-certificate-secret": func(o *Options) {
			o.ServingCertificate.Secret, o.ServingCertificate.Service = "ark-system/tls", "ark"
		},
		"--serving-certificate-service has no effect": func(o *Options) { o.ServingCertificate.Service = "ark" },
		"--serving-certificate-service must be specified": func(o *Options) {
			o.ServingCertificate.Secret = "ark-system/tls"
		},
		"--serving-certificate-secret: Invalid value": func(o *Options) {
			o.ServingCertificate.Secret, o.ServingCertificate.Service = "tls", "ark"
		},
		"--serving-certificate-service: Invalid value": func(o *Options) {
			o.ServingCertificate.Secret, o.ServingCertificate.Service = "ark-system/tls", "ark.svc"
		},
		"--secure-port":     func(o *Options) { o.Recommended.SecureServing.BindPort = 0 },
		"--storage-driver":  func(o *Options) { o.Storage.Driver = "etcd" },
		"--postgresql-host": func(o *Options) { o.Storage.PostgreSQL.Host = "db" },
		"--encryption-selector-key-file has no effect": func(o *Options) { o.Storage.SelectorKeyFile = "key" },
		"--max-requests-inflight":                      func(o *Options) { o.Run.MaxRequestsInFlight = -1 },
		"enable-admission-plugins": func(o *Options) {
			o.Recommended.Admission.EnablePlugins = []string{"PodSecurity"}
		},
		"lookup-failure": func(o *Options) { o.Recommended.Authentication.TolerateInClusterLookupFailure = true },
	} {
		o := valid()
		change(o)
		o.Complete()
		err := errors.Join(o.Validate()...)
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("want an error with %q, got: %v", want, err)
		}
	}
}

func TestServersMayMakeTheirOwnCertificate(t *testing.T) {
	o := valid()
	o.Recommended.SecureServing.ServerCert.CertKey.CertFile = ""
	o.Recommended.SecureServing.ServerCert.CertKey.KeyFile = ""
	o.ServingCertificate.Secret, o.ServingCertificate.Service = "ark-system/tls", "ark"
	o.Complete()
	if err := errors.Join(o.Validate()...); err != nil {
		t.Error(err)
	}
}

func TestDefaults(t *testing.T) {
	o := valid()
	o.Complete()
	if o.Storage.Driver != "sqlite" || o.Storage.SQLite.DefaultPath != defaultSQLitePath {
		t.Errorf("storage: %+v", o.Storage)
	}
	for _, path := range []string{
		o.Recommended.CoreAPI.CoreAPIKubeconfigPath,
		o.Recommended.Authentication.RemoteKubeConfigFile,
		o.Recommended.Authorization.RemoteKubeConfigFile,
	} {
		if path != o.Kubeconfig {
			t.Errorf("kubeconfig %q, want that of --kubeconfig", path)
		}
	}
}

func TestFlags(t *testing.T) {
	var sets cliflag.NamedFlagSets
	NewOptions().AddFlags(&sets)
	for set, flags := range map[string][]string{
		"cluster":        {"kubeconfig"},
		"storage":        {"storage-driver", "sqlite-path", "watch-cache-sizes", "encryption-provider-config"},
		"generic":        {"shutdown-delay-duration", "feature-gates"},
		"secure serving": {"serving-certificate-secret", "serving-certificate-service", "tls-cert-file"},
		"authorization":  {"authorization-kubeconfig", "authorization-always-allow-paths"},
		"authentication": {"authentication-kubeconfig", "requestheader-client-ca-file"},
		"features":       {"enable-priority-and-fairness"},
		"auditing":       {"audit-policy-file"},
		"traces":         {"tracing-config-file"},
		"logs":           {"logging-format"},
	} {
		for _, flag := range flags {
			if sets.FlagSet(set).Lookup(flag) == nil {
				t.Errorf("no flag --%s in %s", flag, set)
			}
		}
	}
	for _, flag := range withoutUse {
		for name, set := range sets.FlagSets {
			if set.Lookup(flag) != nil {
				t.Errorf("flag --%s in %s", flag, name)
			}
		}
	}
}
