package environment_test

import (
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"

	"ark.ai/apiserver/conformance/environment"
	"ark.ai/apiserver/src/apis/ark/v1alpha1"
	"ark.ai/apiserver/src/generated/clientset/versioned"
)

// All but the standalone ones need what tools/cluster setup builds, and those on PostgreSQL and
// MySQL their servers.
func TestEnvironments(t *testing.T) {
	base := t.TempDir()
	for i, test := range []struct {
		environment.Options
		servers int
		etcd    bool
	}{
		{environment.Options{Mode: environment.Aggregated, Driver: environment.SQLite}, 1, true},
		{environment.Options{Mode: environment.Standalone, Driver: environment.SQLite}, 1, false},
		{environment.Options{Mode: environment.Standalone, Driver: environment.PostgreSQL}, 2, false},
		{environment.Options{Mode: environment.Aggregated, Driver: environment.PostgreSQL}, 2, true},
		{environment.Options{Mode: environment.Standalone, Driver: environment.MySQL}, 2, false},
		{environment.Options{Mode: environment.Aggregated, Driver: environment.MySQL}, 2, true},
		{environment.Options{Mode: environment.CRD}, 0, true},
	} {
		test.Dir = filepath.Join(base, strconv.Itoa(i))
		if err := os.Mkdir(test.Dir, 0o700); err != nil {
			t.Fatal(err)
		}
		t.Run(test.String(), func(t *testing.T) {
			running, err := environment.Start(t.Context(), test.Options)
			if err != nil {
				t.Fatal(err)
			}
			if len(running.Servers) != test.servers {
				t.Errorf("%d servers, not %d", len(running.Servers), test.servers)
			}
			if (running.Etcd != "") != test.etcd {
				t.Errorf("etcd at %q", running.Etcd)
			}
			checkShared(t, describedAgain(t, running))
			if err := running.Stop(); err != nil {
				t.Error(err)
			}
			for _, pid := range processes(t, test.Dir) {
				if isRunning(pid) {
					t.Errorf("process %d goes on", pid)
				}
			}
		})
		if os.Getenv("ARK_APISERVER") == "" {
			// The first environment has built it for the others.
			t.Setenv("ARK_APISERVER", filepath.Join(test.Dir, "ark-apiserver"))
		}
	}
}

// describedAgain is what a suite in another process knows.
func describedAgain(t *testing.T, running *environment.Running) *environment.Environment {
	t.Helper()
	path := filepath.Join(t.TempDir(), "environment.json")
	if err := running.Save(path); err != nil {
		t.Fatal(err)
	}
	described, err := environment.Load(path)
	if err != nil {
		t.Fatal(err)
	}
	return described
}

// checkShared writes at the API, and reads at each server with the same credentials.
func checkShared(t *testing.T, env *environment.Environment) {
	t.Helper()
	admin, err := clientcmd.BuildConfigFromFlags("", env.Kubeconfig)
	if err != nil {
		t.Fatal(err)
	}
	memory := &v1alpha1.Memory{ObjectMeta: metav1.ObjectMeta{Name: "shared"}}
	memory.Spec.Address = &v1alpha1.ValueSource{Value: new("http://memory.example")}
	_, err = versioned.NewForConfigOrDie(admin).ArkV1alpha1().Memories(metav1.NamespaceDefault).Create(t.Context(), memory, metav1.CreateOptions{})
	if err != nil {
		t.Fatal(err)
	}
	for _, server := range env.Servers {
		direct := rest.CopyConfig(admin)
		direct.Host, direct.CAData, direct.CAFile = server.URL, nil, server.CAFile
		_, err := versioned.NewForConfigOrDie(direct).ArkV1alpha1().Memories(metav1.NamespaceDefault).Get(t.Context(), "shared", metav1.GetOptions{})
		if err != nil {
			t.Errorf("at %s: %v", server.URL, err)
		}
		if !isRunning(server.PID) {
			t.Errorf("%s is not process %d", server.URL, server.PID)
		}
	}
}

func isRunning(pid int) bool { return !errors.Is(syscall.Kill(pid, 0), syscall.ESRCH) }
