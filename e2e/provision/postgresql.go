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

// PostgreSQL is the name of the server's StatefulSet, of its Service, and of the secret with its
// password.
const PostgreSQL = "postgresql"

// readyTimeout is for pods to start, on a machine that has other things to do.
const readyTimeout = 5 * time.Minute

//go:embed postgresql.yaml
var postgresqlManifest []byte

// InstallPostgreSQL runs a server in a namespace, with a database and a user ark, and waits until
// it is ready.
func InstallPostgreSQL(ctx context.Context, client klient.Client, namespace, image string) error {
	password := &corev1.Secret{
		ObjectMeta: metav1.ObjectMeta{Name: PostgreSQL, Namespace: namespace},
		StringData: map[string]string{"password": rand.Text()},
	}
	if err := client.Resources().Create(ctx, password); err != nil {
		return fmt.Errorf("secret with PostgreSQL's password: %w", err)
	}
	server := &appsv1.StatefulSet{ObjectMeta: metav1.ObjectMeta{Name: PostgreSQL, Namespace: namespace}}
	err := decoder.DecodeEach(ctx, bytes.NewReader(postgresqlManifest), decoder.CreateHandler(client.Resources()),
		decoder.MutateNamespace(namespace), decoder.MutateOption(func(object k8s.Object) error {
			if set, ok := object.(*appsv1.StatefulSet); ok {
				set.Spec.Template.Spec.Containers[0].Image = image
			}
			return nil
		}))
	if err != nil {
		return fmt.Errorf("create PostgreSQL: %w", err)
	}
	ready := conditions.New(client.Resources()).ResourceMatch(server, func(object k8s.Object) bool {
		return object.(*appsv1.StatefulSet).Status.ReadyReplicas == 1
	})
	if err := wait.For(ready, wait.WithContext(ctx), wait.WithTimeout(readyTimeout), wait.WithInterval(time.Second)); err != nil {
		return fmt.Errorf("PostgreSQL's pod is not ready: %w", err)
	}
	return nil
}
