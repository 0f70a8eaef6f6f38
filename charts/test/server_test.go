package chart_test

import (
	"errors"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/pflag"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	cliflag "k8s.io/component-base/cli/flag"
	logsapi "k8s.io/component-base/logs/api/v1"
	_ "k8s.io/component-base/logs/json/register" // --logging-format=json

	"ark.ai/apiserver/src/server/aggregated"
)

// options are those that the server makes of a pod's flags: all have to be known, and to make sense
// together.
func options(t *testing.T, all objects) *aggregated.Options {
	t.Helper()
	return serverOptions(t, container(t, all).Args)
}

func serverOptions(t *testing.T, args []string) *aggregated.Options {
	t.Helper()
	if len(args) == 0 || args[0] != "aggregated" {
		t.Fatalf("%q does not begin with aggregated", args)
	}
	options, err := parse(args)
	if err != nil {
		t.Fatalf("%q: %v", args, err)
	}
	return options
}

// parse makes options of a server's arguments, as it does itself.
func parse(args []string) (*aggregated.Options, error) {
	options := aggregated.NewOptions()
	if err := serverFlags(options).Parse(args[1:]); err != nil {
		return nil, err
	}
	options.Complete()
	return options, errors.Join(append(options.Validate(), logsapi.Validate(options.Logs, nil, nil).ToAggregate())...)
}

// serverFlags are those that write into options.
func serverFlags(options *aggregated.Options) *pflag.FlagSet {
	var sets cliflag.NamedFlagSets
	options.AddFlags(&sets)
	flags := pflag.NewFlagSet("", pflag.ContinueOnError)
	for _, set := range sets.FlagSets {
		flags.AddFlagSet(set)
	}
	return flags
}

func container(t *testing.T, all objects) corev1.Container {
	t.Helper()
	return pod(t, all).Spec.Containers[0]
}

func TestOnPostgreSQL(t *testing.T) {
	t.Parallel()
	all := render(t, `
ark:
  storage:
    driver: postgresql
    postgresql: {host: db.example.com, port: 5433, database: arks, username: arker, passwordSecret: ark-password, sslMode: prefer}
`)
	deployment := one[*appsv1.Deployment](t, all, fullname)
	if *deployment.Spec.Replicas != 2 {
		t.Errorf("%d replicas", *deployment.Spec.Replicas)
	}
	if update := deployment.Spec.Strategy.RollingUpdate; update.MaxUnavailable.IntValue() != 0 {
		t.Errorf("an update takes %s replicas away", update.MaxUnavailable)
	}
	storage := options(t, all).Storage
	database := storage.PostgreSQL
	if storage.Driver != "postgresql" || database.Host != "db.example.com" || database.Port != 5433 || database.Database != "arks" || database.Username != "arker" {
		t.Errorf("the server is told %+v", storage)
	}
	if database.SSLMode != "prefer" || database.MaxConnections != 10 {
		t.Errorf("the server is told %+v", database)
	}
	if secret, key := mounted(pod(t, all).Spec, database.PasswordFile); secret != "Secret/ark-password" || key != "password" {
		t.Errorf("the password is %q of %q", key, secret)
	}
	if _, there := all.named()["PersistentVolumeClaim/"+fullname+"-data"]; there {
		t.Error("there is a volume")
	}
	if _, there := all.named()["PodDisruptionBudget/"+fullname]; !there {
		t.Error("there is no PodDisruptionBudget")
	}
}

func TestPostgreSQLIsVerifiedWithItsAuthority(t *testing.T) {
	t.Parallel()
	all := render(t, postgresql, `
ark: {storage: {postgresql: {sslMode: "", caSecret: db-ca, clientCertificateSecret: db-client, schema: ark, maxConnections: 20}}}
`)
	database := options(t, all).Storage.PostgreSQL
	if database.SSLMode != "verify-full" || database.Schema != "ark" || database.MaxConnections != 20 || database.PasswordFile != "" {
		t.Errorf("the server is told %+v", database)
	}
	for file, want := range map[string][2]string{
		database.SSLRootCert: {"Secret/db-ca", "ca.crt"},
		database.SSLCert:     {"Secret/db-client", "tls.crt"},
		database.SSLKey:      {"Secret/db-client", "tls.key"},
	} {
		if secret, key := mounted(pod(t, all).Spec, file); secret != want[0] || key != want[1] {
			t.Errorf("%s is %q of %q, not %q", file, key, secret, want)
		}
	}
}

// As trust-manager and clouds give authorities to everybody.
func TestAuthorityCanBeInAConfigMap(t *testing.T) {
	t.Parallel()
	all := render(t, `ark: {storage: {postgresql: {host: db.example.com, caConfigMap: bundle, caConfigMapKey: trust.pem}}}`)
	database := options(t, all).Storage.PostgreSQL
	if object, key := mounted(pod(t, all).Spec, database.SSLRootCert); object != "ConfigMap/bundle" || key != "trust.pem" || database.SSLMode != "verify-full" {
		t.Errorf("the authority is %q of %q, with sslmode %s", key, object, database.SSLMode)
	}
}

func TestPostgreSQLByConnectionString(t *testing.T) {
	t.Parallel()
	all := render(t, `ark: {storage: {postgresql: {dsnSecret: cluster-app, caSecret: cluster-ca}}}`)
	if secret, key := mounted(pod(t, all).Spec, options(t, all).Storage.PostgreSQL.DSNFile); secret != "Secret/cluster-app" || key != "uri" {
		t.Errorf("the connection string is %q of %q", key, secret)
	}
	// For sslrootcert in the connection string.
	if secret, _ := mounted(pod(t, all).Spec, "/etc/ark-apiserver/postgresql/ca.crt"); secret != "Secret/cluster-ca" {
		t.Errorf("the authority is in %q", secret)
	}
}

func TestOnMySQL(t *testing.T) {
	t.Parallel()
	all := render(t, `
ark:
  storage:
    driver: mysql
    mysql: {host: db.example.com, port: 3307, database: arks, username: arker, passwordSecret: ark-password, caSecret: db-ca, clientCertificateSecret: db-client, maxConnections: 20}
networkPolicy: {enabled: true, egress: {enabled: true, mysqlTo: [{podSelector: {}}]}}
`)
	if deployment := one[*appsv1.Deployment](t, all, fullname); *deployment.Spec.Replicas != 2 {
		t.Errorf("%d replicas", *deployment.Spec.Replicas)
	}
	storage := options(t, all).Storage
	database := storage.MySQL
	if storage.Driver != "mysql" || database.Host != "db.example.com" || database.Port != 3307 || database.Database != "arks" || database.Username != "arker" ||
		database.TLSMode != "verify-identity" || database.MaxConnections != 20 {
		t.Errorf("the server is told %+v", storage)
	}
	for file, want := range map[string][2]string{
		database.PasswordFile: {"Secret/ark-password", "password"},
		database.TLSCA:        {"Secret/db-ca", "ca.crt"},
		database.TLSCert:      {"Secret/db-client", "tls.crt"},
		database.TLSKey:       {"Secret/db-client", "tls.key"},
	} {
		if secret, key := mounted(pod(t, all).Spec, file); secret != want[0] || key != want[1] {
			t.Errorf("%s is %q of %q, not %q", file, key, secret, want)
		}
	}
	rule := one[*networkingv1.NetworkPolicy](t, all, fullname).Spec.Egress[2]
	if rule.Ports[0].Port.IntValue() != 3307 || len(rule.To) != 1 {
		t.Errorf("the way to the database is %+v", rule)
	}
}

func TestMySQLByConnectionString(t *testing.T) {
	t.Parallel()
	all := render(t, `ark: {storage: {driver: mysql, mysql: {dsnSecret: cluster-app}}}`)
	if secret, key := mounted(pod(t, all).Spec, options(t, all).Storage.MySQL.DSNFile); secret != "Secret/cluster-app" || key != "dsn" {
		t.Errorf("the connection string is %q of secret %q", key, secret)
	}
}

func TestOnSQLite(t *testing.T) {
	t.Parallel()
	all := render(t, sqlite)
	workload := one[*appsv1.StatefulSet](t, all, fullname)
	if *workload.Spec.Replicas != 1 || workload.Spec.PodManagementPolicy != appsv1.ParallelPodManagement {
		t.Errorf("%+v", workload.Spec)
	}
	told := options(t, all)
	if told.Storage.Driver != "sqlite" || told.Storage.SQLite.Path != "/data/ark.db" {
		t.Errorf("the server is told %+v", told.Storage)
	}
	// Nobody takes over: the sooner it is back, the better.
	if told.Run.ShutdownDelayDuration != 0 || told.Run.ShutdownWatchTerminationGracePeriod != 0 {
		t.Errorf("it stops after %s and %s", told.Run.ShutdownDelayDuration, told.Run.ShutdownWatchTerminationGracePeriod)
	}
	claim := one[*corev1.PersistentVolumeClaim](t, all, fullname+"-data")
	if claim.Annotations["helm.sh/resource-policy"] != "keep" || claim.Spec.StorageClassName != nil || claim.Spec.Resources.Requests.Storage().String() != "10Gi" {
		t.Errorf("%+v", claim)
	}
	if got := claimAt(t, all, "/data"); got != claim.Name {
		t.Errorf("/data is of claim %q", got)
	}
	if _, there := all.named()["PodDisruptionBudget/"+fullname]; there {
		t.Error("a PodDisruptionBudget for one replica would keep nodes from being drained")
	}
}

func TestVolumeOfSQLiteCanBeChosen(t *testing.T) {
	t.Parallel()
	all := render(t, sqlite, `
ark: {storage: {sqlite: {path: /var/lib/ark/objects.db, volume: {deleteOnUninstall: true, storageClass: fast, size: 1Gi, accessModes: [ReadWriteOncePod], annotations: {team: a}}}}}
`)
	claim := one[*corev1.PersistentVolumeClaim](t, all, fullname+"-data")
	if _, kept := claim.Annotations["helm.sh/resource-policy"]; kept || claim.Annotations["team"] != "a" || *claim.Spec.StorageClassName != "fast" ||
		!slices.Equal(claim.Spec.AccessModes, []corev1.PersistentVolumeAccessMode{corev1.ReadWriteOncePod}) {
		t.Errorf("%+v", claim)
	}
	if claimAt(t, all, "/var/lib/ark") != claim.Name || options(t, all).Storage.SQLite.Path != "/var/lib/ark/objects.db" {
		t.Errorf("%+v", pod(t, all).Spec)
	}
	mine := render(t, sqlite, `ark: {storage: {sqlite: {volume: {existingClaim: mine}}}}`)
	if claimAt(t, mine, "/data") != "mine" {
		t.Errorf("%+v", pod(t, mine).Spec.Volumes)
	}
	for name := range mine.named() {
		if strings.HasPrefix(name, "PersistentVolumeClaim/") {
			t.Errorf("%s is rendered beside the existing one", name)
		}
	}
}

func TestServerIsToldTheRest(t *testing.T) {
	t.Parallel()
	all := render(t, postgresql, `
ark:
  apiserver:
    watchCache: {sizes: {queries.ark.ai: 0, agents.ark.ai: 500}}
    audit: {enabled: true, webhookSecret: collector}
    logging: {format: json, verbosity: 4}
    featureGates: {WatchList: false}
    shutdownDelayDuration: 25s
    securePort: 8443
  storage: {compactionWindow: 2h, compactionMaxBytes: 4Gi, encryption: {secret: keys, selectorKey: selector.key}}
extraArgs: [--delete-collection-workers=4]
`)
	told := options(t, all)
	etcd := told.Recommended.Etcd
	if !slices.Equal(sorted(etcd.WatchCacheSizes), []string{"agents.ark.ai#500", "queries.ark.ai#0"}) || etcd.DeleteCollectionWorkers != 4 {
		t.Errorf("%+v", etcd)
	}
	if told.Storage.CompactionWindow.Hours() != 2 || told.Storage.CompactionMaxBytes.Value() != 4<<30 || told.Run.ShutdownDelayDuration.Seconds() != 25 || told.Recommended.SecureServing.BindPort != 8443 {
		t.Errorf("%+v", told)
	}
	if told.Logs.Format != "json" || told.Logs.Verbosity != 4 {
		t.Errorf("%+v", told.Logs)
	}
	if secret, key := mounted(pod(t, all).Spec, etcd.EncryptionProviderConfigFilepath); secret != "Secret/keys" || key != "" || !etcd.EncryptionProviderConfigAutomaticReload {
		t.Errorf("encryption by %q of %q", key, secret)
	}
	if file := told.Storage.SelectorKeyFile; file != filepath.Join(filepath.Dir(etcd.EncryptionProviderConfigFilepath), "selector.key") {
		t.Errorf("selectors by %q", file)
	}
	audit := told.Recommended.Audit
	if secret, _ := mounted(pod(t, all).Spec, audit.WebhookOptions.ConfigFile); secret != "Secret/collector" || audit.LogOptions.Path != "-" {
		t.Errorf("%+v", audit)
	}
	policy := one[*corev1.ConfigMap](t, all, fullname+"-audit").Data["policy.yaml"]
	if !strings.Contains(policy, "level: Metadata") || audit.PolicyFile != "/etc/ark-apiserver/audit/policy.yaml" {
		t.Errorf("%s\nin %s", policy, audit.PolicyFile)
	}
	if port := container(t, all).Ports[0]; port.ContainerPort != 8443 || port.Name != "https" {
		t.Errorf("%+v", port)
	}
}

// mounted finds what a file of the pod's container is of, such as "Secret/mine", and its key there;
// "" is any.
func mounted(spec corev1.PodSpec, file string) (object, key string) {
	for _, mount := range spec.Containers[0].VolumeMounts {
		name, inside := strings.CutPrefix(file, mount.MountPath+"/")
		i := slices.IndexFunc(spec.Volumes, func(volume corev1.Volume) bool { return volume.Name == mount.Name })
		if !inside || i < 0 {
			continue
		}
		if secret := spec.Volumes[i].Secret; secret != nil {
			return "Secret/" + secret.SecretName, ""
		}
		for _, source := range spec.Volumes[i].Projected.Sources {
			var items []corev1.KeyToPath
			switch {
			case source.Secret != nil:
				object, items = "Secret/"+source.Secret.Name, source.Secret.Items
			case source.ConfigMap != nil:
				object, items = "ConfigMap/"+source.ConfigMap.Name, source.ConfigMap.Items
			}
			for _, item := range items {
				if item.Path == name {
					return object, item.Key
				}
			}
		}
	}
	return "", ""
}

func claimAt(t *testing.T, all objects, path string) string {
	t.Helper()
	for _, mount := range container(t, all).VolumeMounts {
		if mount.MountPath == path {
			return volumeNamed(t, all, mount.Name).PersistentVolumeClaim.ClaimName
		}
	}
	return ""
}

func volumeNamed(t *testing.T, all objects, name string) corev1.Volume {
	t.Helper()
	volumes := pod(t, all).Spec.Volumes
	i := slices.IndexFunc(volumes, func(volume corev1.Volume) bool { return volume.Name == name })
	if i < 0 {
		t.Fatalf("volume %s is mounted, but there is none", name)
	}
	return volumes[i]
}
