package standalone_test

import (
	"bytes"
	"context"
	"crypto/x509"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/watch"
	"k8s.io/client-go/dynamic"
	certutil "k8s.io/client-go/util/cert"
)

func TestRestartKeepsDataAndCertificates(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "data")
	server := mustStart(t, options(dir))
	created := server.create(t, agents, metav1.NamespaceDefault, agent("survivor"))
	var token string
	eventually(t, 10*time.Second, func(ctx context.Context) error {
		_, err := server.clients.CoreV1().ServiceAccounts(metav1.NamespaceDefault).Get(ctx, "default", metav1.GetOptions{})
		return err
	})
	token = tokenOf(t, server, metav1.NamespaceDefault, "default")
	before := readFiles(t, dir, "ca.crt", "ca.key", "serving.crt", "admin.crt", "service-account.key")
	server.mustStop(t)

	server = mustStart(t, options(dir))
	defer server.mustStop(t)
	for name, content := range readFiles(t, dir, "ca.crt", "ca.key", "serving.crt", "admin.crt", "service-account.key") {
		if !bytes.Equal(content, before[name]) {
			t.Errorf("%s has changed", name)
		}
	}
	survivor, err := server.dynamic.Resource(agents).Namespace(metav1.NamespaceDefault).Get(t.Context(), "survivor", metav1.GetOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if survivor.GetUID() != created.GetUID() || survivor.GetResourceVersion() != created.GetResourceVersion() {
		t.Errorf("stored as %s/%s, read as %s/%s", created.GetUID(), created.GetResourceVersion(), survivor.GetUID(), survivor.GetResourceVersion())
	}
	robot, err := dynamic.NewForConfig(withToken(server.config, token))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := robot.Resource(agents).Namespace(metav1.NamespaceDefault).List(t.Context(), metav1.ListOptions{}); err == nil || strings.Contains(err.Error(), "Unauthorized") {
		t.Errorf("with a token from before the restart: %v, not forbidden", err)
	}
}

func readFiles(t *testing.T, dir string, names ...string) map[string][]byte {
	t.Helper()
	files := map[string][]byte{}
	for _, name := range names {
		content, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		files[name] = content
	}
	return files
}

func TestOnlyTheOwnerCanReadTheData(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "data")
	server := mustStart(t, options(dir))
	defer server.mustStop(t)
	err := filepath.WalkDir(dir, func(path string, entry os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		if mode := info.Mode().Perm(); mode&0o077 != 0 {
			t.Errorf("%s has mode %o", path, mode)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestShutdownEndsWatchesAndFinishesRequests(t *testing.T) {
	t.Parallel()
	server := mustStart(t, options(t.TempDir()))
	watcher, err := server.dynamic.Resource(agents).Watch(t.Context(), metav1.ListOptions{})
	if err != nil {
		t.Fatal(err)
	}
	server.create(t, agents, metav1.NamespaceDefault, agent("last"))
	if event := <-watcher.ResultChan(); event.Type != watch.Added {
		t.Fatalf("watched %v", event)
	}

	began := time.Now()
	server.mustStop(t)
	if took := time.Since(began); took > 10*time.Second {
		t.Errorf("an open watch held up the end for %s", took)
	}
	if event, open := <-watcher.ResultChan(); open && event.Type == watch.Error {
		t.Errorf("the watch ended with %v", event.Object)
	}
}

func TestPortInUseIsOneClearError(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	port := listener.Addr().(*net.TCPAddr).Port
	dir := filepath.Join(t.TempDir(), "data")
	second := options(dir)
	second.ControlPlane.SecureServing.BindPort = port
	_, err = second.Complete(t.Context())
	want := fmt.Sprintf("port %d of 127.0.0.1 is in use by another process: choose another one with --secure-port", port)
	if err == nil || err.Error() != want {
		t.Errorf("%v, not %q", err, want)
	}
	if _, err := os.Stat(dir); err == nil {
		t.Error("the data directory was made nevertheless")
	}
}

func TestSecondServerInTheSameDirectoryDoesNotDisturbTheFirst(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	first := mustStart(t, options(dir))
	defer first.mustStop(t)
	kubeconfig := readFiles(t, dir, "admin.kubeconfig")
	if second, err := start(options(dir)); err == nil {
		second.mustStop(t)
		t.Fatal("two servers have one SQLite database")
	} else if !strings.Contains(err.Error(), "is in use by") {
		t.Errorf("%v", err)
	}
	if now := readFiles(t, dir, "admin.kubeconfig"); !bytes.Equal(now["admin.kubeconfig"], kubeconfig["admin.kubeconfig"]) {
		t.Error("the kubeconfig no longer leads to the first server")
	}
}

func TestServingCertificateIsForTheNamesOfTheMachine(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	server := options(dir)
	server.ExtraNames = []string{"ark.example.org", "192.0.2.7"}
	completed, err := server.Complete(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer completed.Close()
	host, err := os.Hostname()
	if err != nil {
		t.Fatal(err)
	}
	certificate := parseCertificate(t, filepath.Join(dir, "serving.crt"))
	for _, name := range []string{"localhost", "127.0.0.1", "::1", host, "ark.example.org", "192.0.2.7"} {
		if err := certificate.VerifyHostname(name); err != nil {
			t.Error(err)
		}
	}
}

func parseCertificate(t *testing.T, path string) *x509.Certificate {
	t.Helper()
	certificates, err := certutil.CertsFromFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return certificates[0]
}
