package chart_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spf13/pflag"
	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"ark.ai/apiserver/src/server/database"
	"ark.ai/apiserver/src/storage/storagetest/postgrestest"
)

const migrated = `ark: {storage: {postgresql: {migration: {enabled: true, passwordSecret: owner}}}}`

// migration is the Job that migrates the database.
func migration(t *testing.T, all objects) *batchv1.Job {
	t.Helper()
	for _, object := range all {
		if job, ok := object.(*batchv1.Job); ok {
			return job
		}
	}
	t.Fatal("no Job is rendered")
	return nil
}

// migrationOptions are those that ark-apiserver migrate makes of the Job's flags.
func migrationOptions(t *testing.T, job *batchv1.Job) database.PostgreSQLOptions {
	t.Helper()
	args := job.Spec.Template.Spec.Containers[0].Args
	if len(args) == 0 || args[0] != "migrate" {
		t.Fatalf("%q does not begin with migrate", args)
	}
	options := database.NewOptions()
	options.Driver = "postgresql"
	flags := pflag.NewFlagSet("", pflag.ContinueOnError)
	options.AddDatabaseFlags(flags)
	if err := flags.Parse(args[1:]); err != nil {
		t.Fatalf("%q: %v", args, err)
	}
	if err := errors.Join(options.Validate("")...); err != nil {
		t.Fatalf("%q: %v", args, err)
	}
	return options.PostgreSQL
}

func TestMigrationIsTheOwners(t *testing.T) {
	t.Parallel()
	all := render(t, `
ark:
  storage:
    postgresql:
      host: db.example.com
      port: 5433
      database: arks
      schema: objects
      passwordSecret: servers
      caSecret: db-ca
      clientCertificateSecret: servers-certificate
`, `ark: {storage: {postgresql: {migration: {enabled: true, passwordSecret: owner, passwordSecretKey: secret}}}}`)
	job := migration(t, all)
	owner, server := migrationOptions(t, job), options(t, all).Storage.PostgreSQL
	if owner.Username != "ark_owner" || server.Username != "ark" {
		t.Errorf("%q migrates for %q", owner.Username, server.Username)
	}
	if object, key := mounted(job.Spec.Template.Spec, owner.PasswordFile); object != "Secret/owner" || key != "secret" {
		t.Errorf("the owner's password is %q of %q", key, object)
	}
	if object, _ := mounted(pod(t, all).Spec, server.PasswordFile); object != "Secret/servers" {
		t.Errorf("the servers' password is of %q", object)
	}
	if object, _ := mounted(job.Spec.Template.Spec, owner.SSLRootCert); object != "Secret/db-ca" {
		t.Errorf("the authority is of %q", object)
	}
	if owner.SSLCert != "" || owner.SSLKey != "" {
		t.Errorf("the owner shows the servers' certificate: %+v", owner)
	}
	// All else is the same database.
	owner.Username, owner.SSLCert, owner.SSLKey, owner.MaxConnections = server.Username, server.SSLCert, server.SSLKey, server.MaxConnections
	if owner != server {
		t.Errorf("the Job migrates %+v, servers use %+v", owner, server)
	}
}

func TestMigrationByConnectionString(t *testing.T) {
	t.Parallel()
	const owner = `ark: {storage: {postgresql: {migration: {enabled: true, dsnSecret: owner, dsnSecretKey: url, clientCertificateSecret: pair}}}}`
	for of, servers := range map[string]string{
		"a host":              postgresql,
		"a connection string": `ark: {storage: {postgresql: {dsnSecret: servers}}}`,
	} {
		job := migration(t, render(t, servers, owner))
		options, spec := migrationOptions(t, job), job.Spec.Template.Spec
		if object, key := mounted(spec, options.DSNFile); object != "Secret/owner" || key != "url" {
			t.Errorf("servers have %s: the owner's connection string is %q of %q", of, key, object)
		}
		// For sslcert in the connection string.
		if object, _ := mounted(spec, "/etc/ark-apiserver/postgresql/tls.crt"); object != "Secret/pair" {
			t.Errorf("servers have %s: the owner's certificate is of %q", of, object)
		}
	}
}

func TestMigrationComesBeforeTheRelease(t *testing.T) {
	t.Parallel()
	for name, values := range map[string]string{
		"by default":         `{}`,
		"with older values":  `ark: {storage: {postgresql: {migration: null}}}`,
		"without the server": `ark: {apiserver: {enabled: false}, storage: {postgresql: {migration: {enabled: true, passwordSecret: owner}}}}`,
	} {
		for _, object := range render(t, postgresql, values) {
			if _, ok := object.(*batchv1.Job); ok {
				t.Errorf("%s there is a Job", name)
			}
		}
	}
	all := render(t, postgresql, migrated, `networkPolicy: {enabled: true}`)
	job := migration(t, all)
	if hook := job.Annotations["helm.sh/hook"]; hook != "pre-install,pre-upgrade" {
		t.Errorf("Helm runs it at %q", hook)
	}
	if policy := job.Annotations["helm.sh/hook-delete-policy"]; policy != "before-hook-creation,hook-succeeded" {
		t.Errorf("Helm deletes it at %q", policy)
	}
	// Nothing that the release makes is there yet.
	spec := job.Spec.Template.Spec
	if spec.ServiceAccountName != "" || *spec.AutomountServiceAccountToken {
		t.Errorf("service account %q, token %t", spec.ServiceAccountName, *spec.AutomountServiceAccountToken)
	}
	mine := migration(t, render(t, postgresql, migrated, `serviceAccount: {create: false, name: mine}`)).Spec.Template.Spec
	if mine.ServiceAccountName != "mine" || *mine.AutomountServiceAccountToken {
		t.Errorf("service account %q, token %t", mine.ServiceAccountName, *mine.AutomountServiceAccountToken)
	}
	// It is no server.
	of := labels.Set(job.Spec.Template.Labels)
	if selector := one[*corev1.Service](t, all, fullname).Spec.Selector; labels.SelectorFromSet(selector).Matches(of) {
		t.Error("the Service finds it")
	}
}

// The pod of a Job can't be changed: kubectl apply needs another Job.
func TestAnotherMigrationHasAnotherName(t *testing.T) {
	t.Parallel()
	before := migration(t, render(t, postgresql, migrated)).Name
	if again := migration(t, render(t, postgresql, migrated, `metrics: {serviceMonitor: {enabled: true}}`)).Name; again != before {
		t.Errorf("%s and %s have the same pod", before, again)
	}
	if after := migration(t, render(t, postgresql, migrated, `image: {tag: v2}`)).Name; after == before {
		t.Errorf("%s has another image", after)
	}
	if long := migration(t, render(t, postgresql, migrated, "fullnameOverride: "+strings.Repeat("a", 60))).Name; len(long) > 63 {
		t.Errorf("%s is too long a name for a Job", long)
	}
}

// TestMigrationByHelm installs and upgrades a release whose servers have no right to create tables.
// A node runs the Job's pod in its place.
func TestMigrationByHelm(t *testing.T) {
	c := newCluster(t)
	postgres := postgrestest.New(t).NewDatabase(t)
	postgres.Exec(t, strings.ReplaceAll(documentedRoles(t), "…", "secret"))
	for _, name := range []string{"owner", "servers"} {
		secret := &corev1.Secret{ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: name}, StringData: map[string]string{"password": "secret"}}
		if err := c.Create(t.Context(), secret); err != nil {
			t.Fatal(err)
		}
	}
	values := fmt.Sprintf(`ark: {storage: {postgresql: {host: "%s", port: %d, database: %s, sslMode: disable, passwordSecret: servers}}}`, postgres.Host, postgres.Port, postgres.Name)
	server := c.mountPostgreSQL(t, pod(t, render(t, values)).Spec)
	if err := openAs(t, server); err == nil || !strings.Contains(err.Error(), `user "ark" may not create tables`) {
		t.Errorf("before the migration a server says %v", err)
	}
	for _, args := range [][]string{install, upgrade} {
		ended := make(chan error, 1)
		go func() {
			stdout, stderr, err := helm(t, c.here(append(args, "--timeout", timeout.String())), values, migrated)
			if err != nil {
				err = fmt.Errorf("helm %s: %w\n%s%s", args[0], err, stdout, stderr)
			}
			ended <- err
		}()
		pod := c.awaitMigration(t)
		if args[0] == "install" {
			if err := c.absent(t.Context(), &appsv1.Deployment{ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: fullname}}); err != nil {
				t.Errorf("before the migration: %v", err)
			}
		}
		output, err := exec.CommandContext(t.Context(), c.program, c.mountPostgreSQL(t, pod.Spec)...).CombinedOutput()
		if err != nil || !strings.HasSuffix(string(output), "Schema ark is up to date.\n") {
			t.Fatalf("the pod of the migration: %v\n%s", err, output)
		}
		pod.Status.Phase = corev1.PodSucceeded
		c.report(t, pod)
		if err := <-ended; err != nil {
			t.Fatal(err)
		}
		c.await(t, "the Job is gone", func(ctx context.Context) error {
			var jobs batchv1.JobList
			if err := c.List(ctx, &jobs, client.InNamespace(namespace)); err != nil || len(jobs.Items) == 0 {
				return err
			}
			return fmt.Errorf("%s is there", jobs.Items[0].Name)
		})
	}
	if err := openAs(t, server); err != nil {
		t.Errorf("after the migration a server says %v", err)
	}
	c.uninstall(t)
}

// documentedRoles are statements of docs/configuration.md.
func documentedRoles(t *testing.T) string {
	t.Helper()
	page, err := os.ReadFile("../../docs/configuration.md")
	if err != nil {
		t.Fatal(err)
	}
	_, section, _ := strings.Cut(string(page), "### Two roles in PostgreSQL")
	_, statements, found := strings.Cut(section, "```sql\n")
	statements, _, _ = strings.Cut(statements, "```")
	if !found {
		t.Fatal("docs/configuration.md has no statements for two roles")
	}
	return statements
}

// openAs opens and closes the storage of a server that has these arguments.
func openAs(t *testing.T, args []string) error {
	t.Helper()
	engine, err := serverOptions(t, args).Storage.Open(t.Context())
	if err != nil {
		return err
	}
	return engine.Close()
}

// awaitMigration waits for the pod of a Job that nobody takes care of yet.
func (c *cluster) awaitMigration(t *testing.T) *corev1.Pod {
	t.Helper()
	var pod *corev1.Pod
	c.await(t, "there is a pod that migrates", func(ctx context.Context) error {
		var pods corev1.PodList
		if err := c.List(ctx, &pods, client.InNamespace(namespace), client.MatchingLabels{"app.kubernetes.io/component": "migration"}); err != nil {
			return err
		}
		for i := range pods.Items {
			if pod = &pods.Items[i]; pod.Status.Phase == corev1.PodPending && pod.DeletionTimestamp == nil {
				return nil
			}
		}
		return fmt.Errorf("of %d pods none is a new one", len(pods.Items))
	})
	return pod
}

// mountPostgreSQL writes the files of the cluster's secrets that a pod has for the connection, and
// returns the container's arguments for a process that has them there.
func (c *cluster) mountPostgreSQL(t *testing.T, spec corev1.PodSpec) []string {
	t.Helper()
	dir := t.TempDir()
	for _, volume := range spec.Volumes {
		if volume.Name != "postgresql" {
			continue
		}
		for _, source := range volume.Projected.Sources {
			var secret corev1.Secret
			if err := c.Get(t.Context(), client.ObjectKey{Namespace: namespace, Name: source.Secret.Name}, &secret); err != nil {
				t.Fatal(err)
			}
			for _, item := range source.Secret.Items {
				if err := os.WriteFile(filepath.Join(dir, item.Path), secret.Data[item.Key], 0o600); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	var args []string
	for _, arg := range spec.Containers[0].Args {
		args = append(args, strings.Replace(arg, "/etc/ark-apiserver/postgresql", dir, 1))
	}
	return args
}
