package chart_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
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
	"ark.ai/apiserver/src/storage/storagetest/mysqltest"
	"ark.ai/apiserver/src/storage/storagetest/postgrestest"
)

// The least that an operator says besides, so that a Job migrates the database.
const (
	migrated      = `ark: {storage: {postgresql: {migration: {enabled: true, passwordSecret: owner}}}}`
	mysqlMigrated = `ark: {storage: {mysql: {migration: {enabled: true, passwordSecret: owner}}}}`
)

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
func migrationOptions(t *testing.T, job *batchv1.Job) *database.Options {
	t.Helper()
	args := job.Spec.Template.Spec.Containers[0].Args
	if len(args) == 0 || args[0] != "migrate" {
		t.Fatalf("%q does not begin with migrate", args)
	}
	options := database.NewOptions()
	flags := pflag.NewFlagSet("", pflag.ContinueOnError)
	options.AddDatabaseFlags(flags)
	if err := flags.Parse(args[1:]); err != nil {
		t.Fatalf("%q: %v", args, err)
	}
	if err := errors.Join(options.Validate("")...); err != nil {
		t.Fatalf("%q: %v", args, err)
	}
	return options
}

// connection is what the options of both databases have in common, by file.
type connection struct {
	username, password, connectionString, authority, certificate string
}

func connectionOf(options *database.Options) connection {
	if options.Driver == "mysql" {
		o := options.MySQL
		return connection{o.Username, o.PasswordFile, o.DSNFile, o.TLSCA, o.TLSCert}
	}
	o := options.PostgreSQL
	return connection{o.Username, o.PasswordFile, o.DSNFile, o.SSLRootCert, o.SSLCert}
}

// whose matches the arguments that may differ between two users of the same database.
var whose = regexp.MustCompile(`^--(postgresql|mysql)-(username|sslcert|sslkey|tls-cert|tls-key|max-connections)=`)

// databaseOf are the arguments that say which database it is.
func databaseOf(args []string) (of []string) {
	for _, arg := range args {
		name, _, _ := strings.Cut(strings.TrimPrefix(arg, "--"), "-")
		if slices.Contains([]string{"storage", "postgresql", "mysql"}, name) && !whose.MatchString(arg) {
			of = append(of, arg)
		}
	}
	return of
}

func TestMigrationIsTheOwners(t *testing.T) {
	t.Parallel()
	const (
		servers = `host: db.example.com, port: 5433, database: arks, passwordSecret: servers, caSecret: db-ca, clientCertificateSecret: servers-certificate`
		owner   = `migration: {enabled: true, passwordSecret: owner, passwordSecretKey: secret}`
	)
	for name, values := range map[string]string{
		"PostgreSQL": `ark: {storage: {postgresql: {` + servers + `, schema: objects, ` + owner + `}}}`,
		"MySQL":      `ark: {storage: {driver: mysql, mysql: {` + servers + `, ` + owner + `}}}`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			all := render(t, values)
			job := migration(t, all)
			owner, server := connectionOf(migrationOptions(t, job)), connectionOf(options(t, all).Storage)
			if owner.username != "ark_owner" || server.username != "ark" {
				t.Errorf("%q migrates for %q", owner.username, server.username)
			}
			if object, key := mounted(job.Spec.Template.Spec, owner.password); object != "Secret/owner" || key != "secret" {
				t.Errorf("the owner's password is %q of %q", key, object)
			}
			if object, _ := mounted(pod(t, all).Spec, server.password); object != "Secret/servers" {
				t.Errorf("the servers' password is of %q", object)
			}
			if object, _ := mounted(job.Spec.Template.Spec, owner.authority); object != "Secret/db-ca" {
				t.Errorf("the authority is of %q", object)
			}
			if owner.certificate != "" || server.certificate == "" {
				t.Errorf("the owner shows the certificate %q, the servers %q", owner.certificate, server.certificate)
			}
			if migrated, used := databaseOf(job.Spec.Template.Spec.Containers[0].Args), databaseOf(container(t, all).Args); !slices.Equal(migrated, used) {
				t.Errorf("the Job migrates %q, servers use %q", migrated, used)
			}
		})
	}
}

func TestMigrationByConnectionString(t *testing.T) {
	t.Parallel()
	const postgresqlOwner = `ark: {storage: {postgresql: {migration: {enabled: true, dsnSecret: owner, dsnSecretKey: url, clientCertificateSecret: pair}}}}`
	const mysqlOwner = `ark: {storage: {mysql: {migration: {enabled: true, dsnSecret: owner, dsnSecretKey: url}}}}`
	for of, values := range map[string]struct{ servers, owner string }{
		"a host of PostgreSQL":              {postgresql, postgresqlOwner},
		"a connection string to PostgreSQL": {`ark: {storage: {postgresql: {dsnSecret: servers}}}`, postgresqlOwner},
		"a host of MySQL":                   {mysql, mysqlOwner},
		"a connection string to MySQL":      {`ark: {storage: {driver: mysql, mysql: {dsnSecret: servers}}}`, mysqlOwner},
	} {
		job := migration(t, render(t, values.servers, values.owner))
		options, spec := migrationOptions(t, job), job.Spec.Template.Spec
		if object, key := mounted(spec, connectionOf(options).connectionString); object != "Secret/owner" || key != "url" {
			t.Errorf("servers have %s: the owner's connection string is %q of %q", of, key, object)
		}
		if options.Driver != "postgresql" {
			continue
		}
		// For sslcert in the connection string.
		if object, _ := mounted(spec, "/etc/ark-apiserver/postgresql/tls.crt"); object != "Secret/pair" {
			t.Errorf("servers have %s: the owner's certificate is of %q", of, object)
		}
	}
}

func TestMigrationComesBeforeTheRelease(t *testing.T) {
	t.Parallel()
	for name, values := range map[string][]string{
		"by default":                 {postgresql},
		"by default on MySQL":        {mysql},
		"on SQLite":                  {sqlite},
		"with older values":          {postgresql, `ark: {storage: {postgresql: {migration: null}}}`},
		"with older values on MySQL": {mysql, `ark: {storage: {mysql: {migration: null}}}`},
		"without the server":         {postgresql, migrated, `ark: {apiserver: {enabled: false}}`},
	} {
		for _, object := range render(t, values...) {
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

// migrationByHelm installs and upgrades a release whose servers have no right to create tables. A
// node runs the Job's pod in its place.
func migrationByHelm(t *testing.T, c *cluster) {
	for _, name := range []string{"owner", "servers"} {
		secret := &corev1.Secret{ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: name}, StringData: map[string]string{"password": "secret"}}
		if err := c.Create(t.Context(), secret); err != nil {
			t.Fatal(err)
		}
	}
	t.Run("PostgreSQL", func(t *testing.T) {
		made := postgrestest.New(t).NewDatabase(t)
		made.Exec(t, documentedUsers(t, "Two roles in PostgreSQL"))
		c.migrateByHelm(t, migrated,
			fmt.Sprintf(`ark: {storage: {postgresql: {host: "%s", port: %d, database: %s, sslMode: disable, passwordSecret: servers}}}`, made.Host, made.Port, made.Name))
	})
	t.Run("MySQL", func(t *testing.T) {
		server := mysqltest.New(t)
		if err := server.Exec(t.Context(), documentedUsers(t, "Two users in MySQL")); err != nil {
			t.Fatal(err)
		}
		c.migrateByHelm(t, mysqlMigrated,
			fmt.Sprintf(`ark: {storage: {driver: mysql, mysql: {host: "%s", port: %d, tlsMode: disabled, passwordSecret: servers}}}`, server.Host, server.Port))
	})
}

func (c *cluster) migrateByHelm(t *testing.T, migrated, values string) {
	t.Helper()
	server := c.mountDatabase(t, pod(t, render(t, values)).Spec)
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
		pod := c.awaitPodOf(t, "app.kubernetes.io/component", "migration")
		if args[0] == "install" {
			if err := c.absent(t.Context(), &appsv1.Deployment{ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: fullname}}); err != nil {
				t.Errorf("before the migration: %v", err)
			}
		}
		output, err := exec.CommandContext(t.Context(), c.program, c.mountDatabase(t, pod.Spec)...).CombinedOutput()
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

// documentedUsers are the statements of a section of docs/configuration.md, with a password.
func documentedUsers(t *testing.T, section string) string {
	t.Helper()
	page, err := os.ReadFile("../../docs/configuration.md")
	if err != nil {
		t.Fatal(err)
	}
	_, text, _ := strings.Cut(string(page), "### "+section)
	_, statements, found := strings.Cut(text, "```sql\n")
	statements, _, _ = strings.Cut(statements, "```")
	if !found {
		t.Fatalf("docs/configuration.md has no statements in %q", section)
	}
	return strings.ReplaceAll(statements, "…", "secret")
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

// mountDatabase writes the files of the cluster's secrets that a pod has for the connection, and
// returns the container's arguments for a process that has them there.
func (c *cluster) mountDatabase(t *testing.T, spec corev1.PodSpec) []string {
	t.Helper()
	args := slices.Clone(spec.Containers[0].Args)
	for _, volume := range spec.Volumes {
		if volume.Name != "postgresql" && volume.Name != "mysql" {
			continue
		}
		dir := t.TempDir()
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
		for i := range args {
			args[i] = strings.Replace(args[i], "/etc/ark-apiserver/"+volume.Name, dir, 1)
		}
	}
	return args
}
