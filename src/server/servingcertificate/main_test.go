package servingcertificate

import (
	"context"
	"errors"
	"fmt"
	"os"
	"testing"

	"github.com/go-logr/logr"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
	"k8s.io/klog/v2"

	"ark.ai/apiserver/conformance/environment"
)

// admin is the administrator of a real cluster that all tests use.
var admin *rest.Config

func TestMain(m *testing.M) {
	code, err := run(m)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

func run(m *testing.M) (code int, err error) {
	klog.SetLogger(logr.Discard())
	dir, err := os.MkdirTemp("", "servingcertificate-*")
	if err != nil {
		return 1, err
	}
	defer os.RemoveAll(dir)
	cluster, err := environment.Start(context.Background(), environment.Options{Mode: environment.Empty, Dir: dir})
	if err != nil {
		return 1, err
	}
	defer func() { err = errors.Join(err, cluster.Stop()) }()
	if admin, err = clientcmd.BuildConfigFromFlags("", cluster.Kubeconfig); err != nil {
		return 1, err
	}
	return m.Run(), nil
}
