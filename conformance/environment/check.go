package environment

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"syscall"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/tools/clientcmd"

	"ark.ai/apiserver/src/apis/ark/v1alpha1"
	"ark.ai/apiserver/src/generated/clientset/versioned"
)

// Check tells what is wrong with an environment with servers of ours as a suite in another process
// knows it. There have to be as many servers as the database allows, each the process that it is
// said to be; and what is written at the API has to be read at each with the same credentials.
func (r *Running) Check(ctx context.Context) error {
	path := filepath.Join(r.dir, "environment.json")
	if err := r.Save(path); err != nil {
		return err
	}
	described, err := Load(path)
	if err != nil {
		return err
	}
	servers := 2
	if r.Driver == SQLite {
		servers = 1
	}
	var errs []error
	if len(described.Servers) != servers {
		errs = append(errs, fmt.Errorf("%d servers, not %d", len(described.Servers), servers))
	}
	if (described.Etcd != "") != (r.Mode == Aggregated) {
		errs = append(errs, fmt.Errorf("etcd at %q", described.Etcd))
	}
	return errors.Join(append(errs, described.checkShared(ctx))...)
}

// checkShared writes at the API, and reads at each server.
func (e *Environment) checkShared(ctx context.Context) error {
	admin, err := clientcmd.BuildConfigFromFlags("", e.Kubeconfig)
	if err != nil {
		return err
	}
	client, err := versioned.NewForConfig(admin)
	if err != nil {
		return err
	}
	memories := client.ArkV1alpha1().Memories(metav1.NamespaceDefault)
	memory := &v1alpha1.Memory{ObjectMeta: metav1.ObjectMeta{Name: "shared"}}
	memory.Spec.Address = &v1alpha1.ValueSource{Value: new("http://memory.example")}
	if _, err := memories.Create(ctx, memory, metav1.CreateOptions{}); err != nil {
		return err
	}
	var errs []error
	for _, server := range e.Servers {
		client, err := versioned.NewForConfig(server.Config(admin))
		if err == nil {
			_, err = client.ArkV1alpha1().Memories(metav1.NamespaceDefault).Get(ctx, memory.Name, metav1.GetOptions{})
		}
		if err != nil {
			errs = append(errs, fmt.Errorf("at %s: %w", server.URL, err))
		}
		if errors.Is(syscall.Kill(server.PID, 0), syscall.ESRCH) {
			errs = append(errs, fmt.Errorf("%s is not process %d", server.URL, server.PID))
		}
	}
	return errors.Join(append(errs, memories.Delete(ctx, memory.Name, metav1.DeleteOptions{}))...)
}
