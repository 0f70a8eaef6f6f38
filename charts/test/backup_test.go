package chart_test

import (
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/pflag"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/labels"

	"ark.ai/apiserver/src/server/database"
	"ark.ai/apiserver/src/server/objectstore"
	"ark.ai/apiserver/src/server/objectstore/s3test"
)

// backedUp is the least that an operator says besides, so that a CronJob backs the database up.
const backedUp = `ark: {backup: {enabled: true}}`

// backup is the CronJob that does.
func backup(t *testing.T, all objects) *batchv1.CronJob {
	t.Helper()
	return one[*batchv1.CronJob](t, all, fullname+"-backup")
}

func TestBackupIsOfTheServersDatabase(t *testing.T) {
	t.Parallel()
	for name, values := range map[string]string{
		"PostgreSQL": `ark: {storage: {postgresql: {host: db.example.com, port: 5433, database: arks, schema: objects, passwordSecret: servers, caSecret: ca}}}`,
		"MySQL":      `ark: {storage: {driver: mysql, mysql: {host: db.example.com, database: arks, passwordSecret: servers, caSecret: ca}}}`,
		"SQLite":     `ark: {apiserver: {replicas: 1}, storage: {driver: sqlite, sqlite: {path: /var/lib/ark/objects.db}}}`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			all := render(t, values, backedUp, `ark: {backup: {keep: 3, schedule: "1 2 * * *"}}`)
			job := backup(t, all)
			spec := job.Spec.JobTemplate.Spec.Template.Spec
			args := spec.Containers[0].Args
			if len(args) < 4 || !slices.Equal(args[:3], []string{"backup", "/backups", "--keep=3"}) || job.Spec.Schedule != "1 2 * * *" {
				t.Fatalf("%q at %s", args, job.Spec.Schedule)
			}
			told := database.NewOptions()
			flags := pflag.NewFlagSet("", pflag.ContinueOnError)
			told.AddDatabaseFlags(flags)
			if err := errors.Join(append([]error{flags.Parse(args[3:])}, told.Validate("")...)...); err != nil {
				t.Fatalf("%q: %v", args, err)
			}
			server := options(t, all).Storage
			if told.Driver != server.Driver || told.SQLite.Path != server.SQLite.Path || connectionOf(told) != connectionOf(server) ||
				told.PostgreSQL.Schema != server.PostgreSQL.Schema || told.PostgreSQL.Host != server.PostgreSQL.Host || told.MySQL.Host != server.MySQL.Host {
				t.Errorf("it is told %+v, the server %+v", told, server)
			}
			if file := connectionOf(told).password; file != "" {
				if object, _ := mounted(spec, file); object != "Secret/servers" {
					t.Errorf("the password is of %q", object)
				}
			}
			claims := map[string]string{}
			for _, mount := range spec.Containers[0].VolumeMounts {
				i := slices.IndexFunc(spec.Volumes, func(volume corev1.Volume) bool { return volume.Name == mount.Name })
				if claim := spec.Volumes[i].PersistentVolumeClaim; claim != nil {
					claims[mount.MountPath] = claim.ClaimName
				}
			}
			if claims["/backups"] != fullname+"-backups" {
				t.Errorf("the backups go to %q", claims)
			}
			if server.Driver == "sqlite" {
				beside := spec.Affinity.PodAffinity.RequiredDuringSchedulingIgnoredDuringExecution[0]
				if claims["/var/lib/ark"] != claimAt(t, all, "/var/lib/ark") || !labels.SelectorFromSet(beside.LabelSelector.MatchLabels).Matches(labels.Set(pod(t, all).Labels)) {
					t.Errorf("it does not run beside the server: %q, %+v", claims, beside)
				}
			}
			if selector := one[*corev1.Service](t, all, fullname).Spec.Selector; labels.SelectorFromSet(selector).Matches(labels.Set(job.Spec.JobTemplate.Spec.Template.Labels)) {
				t.Error("the Service finds it")
			}
			if *spec.AutomountServiceAccountToken {
				t.Error("it has a token")
			}
		})
	}
}

func TestVolumeOfBackups(t *testing.T) {
	t.Parallel()
	claim := one[*corev1.PersistentVolumeClaim](t, render(t, postgresql, backedUp, `ark: {backup: {volume: {size: 1Gi, storageClass: slow}}}`), fullname+"-backups")
	if claim.Annotations["helm.sh/resource-policy"] != "keep" || claim.Spec.Resources.Requests.Storage().String() != "1Gi" || *claim.Spec.StorageClassName != "slow" {
		t.Errorf("%+v", claim)
	}
	mine := render(t, postgresql, backedUp, `ark: {backup: {volume: {existingClaim: mine}}}`)
	if volume := backup(t, mine).Spec.JobTemplate.Spec.Template.Spec.Volumes[0].PersistentVolumeClaim; volume.ClaimName != "mine" {
		t.Errorf("%+v", volume)
	}
	for name := range mine.named() {
		if strings.HasPrefix(name, "PersistentVolumeClaim/") {
			t.Errorf("%s is rendered beside the existing one", name)
		}
	}
}

// bucket is the least that an operator says for backups to a bucket.
const bucket = `ark: {backup: {enabled: true, s3: {bucket: backups, existingSecret: keys}}}`

// TestBackupToBucket does what the CronJob says: its command makes a backup, with the environment
// that its secret gives it.
func TestBackupToBucket(t *testing.T) {
	server := s3test.New(t)
	dir := t.TempDir()
	path := filepath.Join(dir, "ark.db")
	all := render(t, sqlite, bucket, fmt.Sprintf(`ark: {storage: {sqlite: {path: %s}}, backup: {keep: 3, s3: {endpoint: %q, region: %s, caSecret: ca, caSecretKey: authority.crt}}}`,
		path, server.URL, s3test.Region), `extraEnvFrom: [{configMapRef: {name: more}}]`)
	spec := backup(t, all).Spec.JobTemplate.Spec.Template.Spec
	from := spec.Containers[0].EnvFrom
	if len(from) != 2 || from[0].SecretRef.Name != "keys" || from[1].ConfigMapRef.Name != "more" {
		t.Errorf("its environment is of %+v", from)
	}
	made, s3, place := toldOfBucket(t, spec.Containers[0].Args)
	if object, key := mounted(spec, s3.CAFile); object != "Secret/ca" || key != "authority.crt" {
		t.Errorf("the authority is of %q, key %q", object, key)
	}
	for name := range all.named() {
		if strings.HasPrefix(name, "PersistentVolumeClaim/") && strings.HasSuffix(name, "-backups") {
			t.Errorf("%s is rendered for backups that go elsewhere", name)
		}
	}
	// What a kubelet does: it mounts the secret, and sets the variables.
	s3.CAFile = server.CAFile
	for variable, value := range server.Variables() {
		if strings.HasPrefix(variable, "AWS_ENDPOINT") || strings.HasPrefix(variable, "AWS_CA") {
			value = ""
		}
		t.Setenv(variable, value)
	}
	engine, err := made.Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer engine.Close()
	if err := made.Backup(t.Context(), database.BackupOptions{Path: place, Keep: 3, S3: s3}, io.Discard, nil); err != nil {
		t.Fatal(err)
	}
	objects, err := filepath.Glob(server.File("ark/ark-*.db"))
	if err != nil || len(objects) != 1 {
		t.Fatalf("the server has %q (error %v)", objects, err)
	}
	if err := (database.BackupFile{Path: place + filepath.Base(objects[0]), S3: s3}).Verify(t.Context(), io.Discard, nil); err != nil {
		t.Error(err)
	}
}

// toldOfBucket is what the arguments say.
func toldOfBucket(t *testing.T, args []string) (*database.Options, *objectstore.Options, string) {
	t.Helper()
	if len(args) < 3 || args[0] != "backup" || args[2] != "--keep=3" {
		t.Fatalf("%q", args)
	}
	told, s3 := database.NewOptions(), objectstore.NewOptions()
	flags := pflag.NewFlagSet("", pflag.ContinueOnError)
	told.AddDatabaseFlags(flags)
	s3.AddFlags(flags)
	if err := errors.Join(append(append([]error{flags.Parse(args[3:])}, told.Validate("")...), s3.Validate()...)...); err != nil {
		t.Fatalf("%q: %v", args, err)
	}
	return told, s3, args[1]
}

// TestBucketOfBackups: what is left out is left to the command, and what there is it takes.
func TestBucketOfBackups(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ values, place string }{
		"least":     {bucket, "s3://backups/ark/"},
		"no prefix": {`ark: {backup: {enabled: true, s3: {bucket: backups, prefix: ""}}}`, "s3://backups/"},
		"folders":   {`ark: {backup: {enabled: true, s3: {bucket: my.backups, prefix: a/b, temporarySize: 5Gi}}}`, "s3://my.backups/a/b/"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			spec := backup(t, render(t, postgresql, test.values, `ark: {backup: {keep: 3}}`)).Spec.JobTemplate.Spec.Template.Spec
			_, s3, place := toldOfBucket(t, spec.Containers[0].Args)
			if place != test.place || *s3 != *objectstore.NewOptions() {
				t.Errorf("it goes to %s, with %+v", place, s3)
			}
			i := slices.IndexFunc(spec.Volumes, func(volume corev1.Volume) bool { return volume.Name == "tmp" })
			if limit := spec.Volumes[i].EmptyDir.SizeLimit; (limit != nil) != strings.Contains(test.values, "temporarySize") {
				t.Errorf("temporary files may have %v", limit)
			}
			if name != "least" && spec.Containers[0].EnvFrom != nil {
				t.Errorf("its environment is of %+v", spec.Containers[0].EnvFrom)
			}
		})
	}
	styles := readSchema(t).Properties["ark"].at("backup.s3.addressingStyle")
	for _, style := range styles.probes() {
		s3 := objectstore.NewOptions()
		s3.AddressingStyle = fmt.Sprint(style)
		if known := len(s3.Validate()) == 0; known != slices.Contains(styles.Enum, style) {
			t.Errorf("the command takes %v: %v", style, known)
		}
	}
	for _, wrong := range []string{`{bucket: Backups}`, `{bucket: backups, prefix: ark/}`, `{bucket: backups, prefix: /ark}`, `{bucket: "s3://backups"}`} {
		if said := mistakes(t, postgresql, backedUp, `ark: {backup: {s3: `+wrong+`}}`); !strings.Contains(said, "s3") {
			t.Errorf("%s: %s", wrong, said)
		}
	}
}

func TestNoBackupUnlessWanted(t *testing.T) {
	t.Parallel()
	for name, values := range map[string][]string{
		"by default":        {postgresql},
		"with older values": {postgresql, `ark: {backup: null}`},
	} {
		for _, object := range render(t, append(values, monitored)...) {
			if _, ok := object.(*batchv1.CronJob); ok {
				t.Errorf("%s there is a CronJob", name)
			}
		}
		if rules := rendering(t, append(values, monitored)...); strings.Contains(rules, "ArkBackupIsOld") {
			t.Errorf("%s there is an alert", name)
		}
	}
	rules := rendering(t, postgresql, backedUp, monitored, `ark: {backup: {alertAfterHours: 7}}`)
	if !strings.Contains(rules, `kube_cronjob_status_last_successful_time{namespace="ark-system", cronjob="`+fullname+`-backup"}`) || !strings.Contains(rules, "> 7 * 3600") {
		t.Errorf("no alert on old backups:\n%s", rules)
	}
}
