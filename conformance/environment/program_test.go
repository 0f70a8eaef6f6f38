package environment_test

import (
	"os"
	"path/filepath"
	"testing"

	"ark.ai/apiserver/conformance/environment"
)

// TestUseKubernetes takes what is in the folder from there, and the rest from where it was.
func TestUseKubernetes(t *testing.T) {
	t.Setenv("KUBECTL", "/usual/kubectl")
	t.Setenv("KUBE_APISERVER", "/usual/kube-apiserver")
	t.Setenv("KUBE_CONTROLLER_MANAGER", "")
	folder := t.TempDir()
	if err := environment.UseKubernetes(folder); err == nil {
		t.Error("an empty folder is accepted")
	}
	kubectl := filepath.Join(folder, "kubectl")
	if err := os.WriteFile(kubectl, []byte("#!/bin/sh\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := environment.UseKubernetes(folder); err != nil {
		t.Fatal(err)
	}
	for variable, want := range map[string]string{"KUBECTL": kubectl, "KUBE_APISERVER": "/usual/kube-apiserver", "KUBE_CONTROLLER_MANAGER": ""} {
		if got := os.Getenv(variable); got != want {
			t.Errorf("%s is %q, want %q", variable, got, want)
		}
	}
}
