// Command controller answers queries and judges their answers: what Ark's own controller does, in
// a small program that is read from top to bottom. It is built with controller-runtime, as most
// controllers are, and does not know that its objects are in SQL.
//
//	go run ./examples/controller                                              # echoes
//	go run ./examples/controller --base-url=http://localhost:11434/v1 --model=llama3.2
//	OPENAI_API_KEY=… go run ./examples/controller --base-url=https://api.openai.com/v1 --model=gpt-4.1-mini
//
// The server is the one of $KUBECONFIG.
package main

import (
	"context"
	"flag"
	"fmt"
	"log/slog"
	"os"

	"github.com/go-logr/logr"
	"k8s.io/apimachinery/pkg/runtime"
	clientgoscheme "k8s.io/client-go/kubernetes/scheme"
	"k8s.io/klog/v2"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/cache"
	"sigs.k8s.io/controller-runtime/pkg/metrics/server"

	"ark.ai/apiserver/src/apis/ark/v1alpha1"
)

func main() {
	baseURL := flag.String("base-url", "", "An endpoint that speaks OpenAI's API. Without one, queries are answered by an echo.")
	model := flag.String("model", "", "The endpoint's name of the model.")
	namespace := flag.String("namespace", "", "The namespace to work in. Without one, it is all of them.")
	flag.Parse()

	log := logr.FromSlogHandler(slog.NewTextHandler(os.Stderr, nil))
	ctrl.SetLogger(log)
	klog.SetLogger(log)
	var answerer answerer = echo{}
	if *baseURL != "" {
		answerer = endpoint{url: *baseURL, model: *model, key: os.Getenv("OPENAI_API_KEY")}
	}
	if err := run(ctrl.SetupSignalHandler(), answerer, *namespace); err != nil {
		log.Error(err, "The controller has failed")
		os.Exit(1)
	}
}

// run has both controllers work until ctx ends. They share one cache, which watches what they ask
// for.
func run(ctx context.Context, answerer answerer, namespace string) error {
	config, err := ctrl.GetConfig()
	if err != nil {
		return fmt.Errorf("which server? KUBECONFIG names its kubeconfig, the one that ark-apiserver prints when it starts: %w", err)
	}
	scheme := runtime.NewScheme()
	for _, add := range []func(*runtime.Scheme) error{clientgoscheme.AddToScheme, v1alpha1.AddToScheme} {
		if err := add(scheme); err != nil {
			return err
		}
	}
	options := ctrl.Options{Scheme: scheme, Metrics: server.Options{BindAddress: "0"}}
	if namespace != "" {
		options.Cache.DefaultNamespaces = map[string]cache.Config{namespace: {}}
	}
	mgr, err := ctrl.NewManager(config, options)
	if err != nil {
		return err
	}
	if err := addQueries(mgr, answerer); err != nil {
		return err
	}
	if err := addEvaluations(mgr, answerer); err != nil {
		return err
	}
	return mgr.Start(ctx)
}
