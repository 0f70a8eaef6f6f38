package chart_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/pflag"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/labels"

	"ark.ai/apiserver/src/server/database"
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
