package environment_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"ark.ai/apiserver/conformance/environment"
)

func TestFailuresSayWhatToDo(t *testing.T) {
	crd := environment.Options{Mode: environment.CRD}
	for name, test := range map[string]struct {
		environment.Options
		variable, script string
		want             []string
	}{
		"a program that is not there": {
			crd, "ETCD", "", []string{"crd environment", "ETCD", "no such file"},
		},
		"a program that does not start": {
			crd, "KUBE_APISERVER", `case "$1" in --version) echo v1.0 ;; --help) ;; *) echo such a day >&2; exit 3 ;; esac`,
			[]string{"kube-apiserver", "kube-apiserver.log", "such a day"},
		},
		"a program that ends": {
			crd, "KUBE_CONTROLLER_MANAGER", `[ "$1" = --version ] && echo v1.0 && exit; echo such a day; exit 3`,
			[]string{"kube-controller-manager ended before it was ready", "exit status 3", "such a day"},
		},
		"a server that ends": {
			environment.Options{Mode: environment.Standalone, Driver: environment.SQLite},
			"ARK_APISERVER", `[ "$1" = version ] && echo v1.0 && exit; echo such a day; exit 3`,
			[]string{"standalone on sqlite", "ark-apiserver-1 ended before it was ready", "exit status 3", "such a day"},
		},
		"an unknown mode":   {environment.Options{Mode: "sideways"}, "ETCD", "exit", []string{`"sideways"`, "aggregated", "standalone", "crd"}},
		"an unknown driver": {environment.Options{Mode: environment.Standalone, Driver: "dbase"}, "ETCD", "exit", []string{`"dbase"`, "sqlite", "postgresql"}},
		"etcd below a server of ours": {
			environment.Options{Mode: environment.Standalone, Driver: environment.Etcd}, "ETCD", "exit", []string{`"etcd"`, "sqlite", "postgresql"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			program := filepath.Join(t.TempDir(), "program")
			if test.script != "" {
				if err := os.WriteFile(program, []byte("#!/bin/sh\n"+test.script+"\n"), 0o700); err != nil {
					t.Fatal(err)
				}
			}
			t.Setenv(test.variable, program)
			test.Dir = t.TempDir()
			running, err := environment.Start(t.Context(), test.Options)
			if err == nil {
				t.Fatalf("it runs: %v", running.Stop())
			}
			for _, want := range test.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("no %q in: %v", want, err)
				}
			}
			if strings.Count(err.Error(), "such a day") > 1 {
				t.Errorf("it repeats itself: %v", err)
			}
			for _, pid := range processes(t, test.Dir) {
				if isRunning(pid) {
					t.Errorf("process %d goes on", pid)
				}
			}
		})
	}
}
