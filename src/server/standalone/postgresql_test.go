package standalone_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/dynamic"

	"ark.ai/apiserver/src/server/controllers"
	"ark.ai/apiserver/src/server/database"
	"ark.ai/apiserver/src/server/standalone"
	"ark.ai/apiserver/src/storage/storagetest/mysqltest"
	"ark.ai/apiserver/src/storage/storagetest/postgrestest"
)

func onPostgreSQL(t *testing.T, dir string, database postgrestest.Database) *standalone.Options {
	t.Helper()
	dsn := filepath.Join(t.TempDir(), "dsn")
	if err := os.WriteFile(dsn, []byte(database.DSN()+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	options := options(dir)
	options.Storage.Driver = "postgresql"
	options.Storage.PostgreSQL.DSNFile = dsn
	return options
}

func onMySQL(t *testing.T, dir string, made mysqltest.Database) *standalone.Options {
	t.Helper()
	password := filepath.Join(t.TempDir(), "password")
	if err := os.WriteFile(password, []byte(made.Password+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	options := options(dir)
	options.Storage.Driver = "mysql"
	options.Storage.MySQL = database.MySQLOptions{
		Host: made.Host, Port: made.Port, Database: made.Name, Username: made.Username,
		PasswordFile: password,
	}
	return options
}

func TestTwoReplicasShareADatabase(t *testing.T) {
	t.Parallel()
	t.Run("postgresql", func(t *testing.T) {
		t.Parallel()
		database := postgrestest.Shared(t).NewDatabase(t)
		shareADatabase(t, func(dir string) *standalone.Options { return onPostgreSQL(t, dir, database) })
	})
	t.Run("mysql", func(t *testing.T) {
		t.Parallel()
		database := mysqltest.New(t).NewDatabase(t)
		shareADatabase(t, func(dir string) *standalone.Options { return onMySQL(t, dir, database) })
	})
}

func shareADatabase(t *testing.T, on func(dir string) *standalone.Options) {
	t.Helper()
	firstDir, secondDir := t.TempDir(), t.TempDir()
	first := mustStart(t, on(firstDir))
	for name, content := range readFiles(t, firstDir, "ca.crt", "ca.key", "service-account.key") {
		if err := os.WriteFile(filepath.Join(secondDir, name), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	second := mustStart(t, on(secondDir))
	defer second.mustStop(t)

	namespace := first.namespace(t)
	owner := first.create(t, agents, namespace, agent("owner"))
	if _, err := second.dynamic.Resource(agents).Namespace(namespace).Get(t.Context(), "owner", metav1.GetOptions{}); err != nil {
		t.Errorf("what one replica has written the other does not see at once: %v", err)
	}
	eventually(t, 10*time.Second, func(ctx context.Context) error {
		_, err := first.clients.CoreV1().ServiceAccounts(namespace).Get(ctx, "default", metav1.GetOptions{})
		return err
	})
	robot, err := dynamic.NewForConfig(withToken(second.config, tokenOf(t, first, namespace, "default")))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := robot.Resource(agents).Namespace(namespace).List(t.Context(), metav1.ListOptions{}); !apierrors.IsForbidden(err) {
		t.Errorf("a token of one replica at the other: %v, not forbidden", err)
	}

	leases, err := second.clients.CoordinationV1().Leases(metav1.NamespaceSystem).List(t.Context(),
		metav1.ListOptions{LabelSelector: "apiserver.kubernetes.io/identity=ark-apiserver"})
	if err != nil {
		t.Fatal(err)
	}
	if len(leases.Items) != 2 {
		t.Errorf("%d identities of two replicas", len(leases.Items))
	}
	leader := holder(t, second)

	// The other one takes the controllers over.
	first.mustStop(t)
	eventually(t, 15*time.Second, func(context.Context) error {
		if now := holder(t, second); now == leader || now == "" {
			return fmt.Errorf("the controllers still belong to %q", now)
		}
		return nil
	})
	second.create(t, agents, namespace, ownedBy(owner, agent("dependent")))
	client := second.dynamic.Resource(agents).Namespace(namespace)
	if err := client.Delete(t.Context(), "owner", metav1.DeleteOptions{}); err != nil {
		t.Fatal(err)
	}
	eventually(t, 20*time.Second, func(ctx context.Context) error { return gone(ctx, client, "dependent") })
}

func holder(t *testing.T, server *runningServer) string {
	t.Helper()
	lease, err := server.clients.CoordinationV1().Leases(metav1.NamespaceSystem).Get(t.Context(), controllers.LeaseName, metav1.GetOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return *lease.Spec.HolderIdentity
}

func TestOutageOfTheDatabaseHealsWithoutRestart(t *testing.T) {
	t.Parallel()
	postgres := postgrestest.New(t)
	server := mustStart(t, onPostgreSQL(t, t.TempDir(), postgres.NewDatabase(t)))
	defer server.mustStop(t)
	client := server.dynamic.Resource(agents).Namespace(metav1.NamespaceDefault)
	server.create(t, agents, metav1.NamespaceDefault, agent("before"))

	postgres.Stop(t)
	eventually(t, 15*time.Second, func(ctx context.Context) error {
		body, err := server.clients.RESTClient().Get().AbsPath("/readyz").DoRaw(ctx)
		if err == nil || !strings.Contains(string(body), "[-]database failed") {
			return errors.Join(fmt.Errorf("/readyz says %q", body), err)
		}
		return nil
	})
	if body, err := server.clients.RESTClient().Get().AbsPath("/livez").DoRaw(t.Context()); err != nil {
		t.Errorf("a restart would not help, but /livez says %q", body)
	}
	_, err := client.Create(t.Context(), agent("during"), metav1.CreateOptions{})
	var status *apierrors.StatusError
	if !errors.As(err, &status) || status.ErrStatus.Code != http.StatusServiceUnavailable || status.ErrStatus.Details == nil ||
		status.ErrStatus.Details.RetryAfterSeconds == 0 {
		t.Errorf("a write during the outage: %v, not 503 with Retry-After", err)
	}

	postgres.Start(t)
	eventually(t, 30*time.Second, func(ctx context.Context) error {
		_, err := server.clients.RESTClient().Get().AbsPath("/readyz").DoRaw(ctx)
		return err
	})
	server.create(t, agents, metav1.NamespaceDefault, agent("after"))
	list, err := client.List(t.Context(), metav1.ListOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if len(list.Items) != 2 {
		t.Errorf("%d agents, not those from before and after", len(list.Items))
	}
}
