package provision

import (
	"bytes"
	"context"
	"crypto/rand"
	_ "embed"
	"fmt"
	"time"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/e2e-framework/klient"
	"sigs.k8s.io/e2e-framework/klient/decoder"
	"sigs.k8s.io/e2e-framework/klient/k8s"
	"sigs.k8s.io/e2e-framework/klient/wait"
	"sigs.k8s.io/e2e-framework/klient/wait/conditions"
)

// DatabaseServer is a program for a pod.
type DatabaseServer struct {
	port int32
	// script makes a database and a user ark, unless they are there, and becomes the server.
	script string
	// ready is a command that succeeds once the server answers.
	ready []string
}

var (
	//go:embed database.yaml
	databaseManifest []byte
	//go:embed postgresql.sh
	postgresqlScript string
	//go:embed mariadb.sh
	mariadbScript string
)

// The servers that there are.
var (
	PostgreSQL = DatabaseServer{
		port: 5432, script: postgresqlScript,
		ready: []string{"pg_isready", "--host=127.0.0.1", "--username=ark", "--dbname=ark"},
	}
	MariaDB = DatabaseServer{
		port: 3306, script: mariadbScript,
		ready: []string{"mariadb-admin", "--no-defaults", "--socket=/tmp/socket", "--user=root", "ping"},
	}
)

// Database is the name of the server's StatefulSet, of its Service, and of the secret with the
// password of the user ark. DatabaseLabels select its pod.
const (
	Database       = "database"
	DatabaseLabels = "app.kubernetes.io/name=" + Database
)

// readyTimeout is for pods to start, on a machine that has other things to do.
const readyTimeout = 5 * time.Minute

// InstallDatabase runs a server in a namespace, with a database and a user ark, and waits until it
// is ready.
func InstallDatabase(ctx context.Context, client klient.Client, namespace string, server DatabaseServer, image string) error {
	password := &corev1.Secret{
		ObjectMeta: metav1.ObjectMeta{Name: Database, Namespace: namespace},
		StringData: map[string]string{"password": rand.Text()},
	}
	if err := client.Resources().Create(ctx, password); err != nil {
		return fmt.Errorf("secret with the database's password: %w", err)
	}
	set := &appsv1.StatefulSet{ObjectMeta: metav1.ObjectMeta{Name: Database, Namespace: namespace}}
	err := decoder.DecodeEach(ctx, bytes.NewReader(databaseManifest), decoder.CreateHandler(client.Resources()),
		decoder.MutateNamespace(namespace), decoder.MutateOption(func(object k8s.Object) error {
			switch object := object.(type) {
			case *corev1.Service:
				object.Spec.Ports[0].Port = server.port
			case *appsv1.StatefulSet:
				container := &object.Spec.Template.Spec.Containers[0]
				container.Image = image
				container.Args = []string{server.script}
				container.Ports[0].ContainerPort = server.port
				container.ReadinessProbe.Exec.Command = server.ready
			}
			return nil
		}))
	if err != nil {
		return fmt.Errorf("create the database's server: %w", err)
	}
	ready := conditions.New(client.Resources()).ResourceMatch(set, func(object k8s.Object) bool {
		return object.(*appsv1.StatefulSet).Status.ReadyReplicas == 1
	})
	if err := wait.For(ready, wait.WithContext(ctx), wait.WithTimeout(readyTimeout), wait.WithInterval(time.Second)); err != nil {
		return fmt.Errorf("the database's pod is not ready: %w", err)
	}
	return nil
}
