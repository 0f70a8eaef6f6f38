package main

import (
	"context"
	"flag"
	"log/slog"
	"os"

	"github.com/go-logr/logr"
	"k8s.io/apimachinery/pkg/runtime"
	clientgoscheme "k8s.io/client-go/kubernetes/scheme"
	"k8s.io/klog/v2"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"ark.ai/apiserver/src/apis/ark/v1alpha1"
	"ark.ai/apiserver/src/apis/ark/v1prealpha1"
)

func main() {
	o := &options{}
	o.addFlags(flag.CommandLine)
	flag.Parse()
	log := logr.FromSlogHandler(slog.NewJSONHandler(os.Stdout, nil))
	ctrl.SetLogger(log)
	klog.SetLogger(log)
	if err := run(ctrl.SetupSignalHandler(), o); err != nil {
		log.Error(err, "the manager has failed")
		os.Exit(1)
	}
}

func run(ctx context.Context, o *options) error {
	scheme := runtime.NewScheme()
	for _, add := range []func(*runtime.Scheme) error{clientgoscheme.AddToScheme, v1alpha1.AddToScheme, v1prealpha1.AddToScheme} {
		if err := add(scheme); err != nil {
			return err
		}
	}
	config, err := ctrl.GetConfig()
	if err != nil {
		return err
	}
	managerOptions, err := o.manager(scheme)
	if err != nil {
		return err
	}
	mgr, err := ctrl.NewManager(config, managerOptions)
	if err != nil {
		return err
	}
	live, err := client.New(config, client.Options{HTTPClient: mgr.GetHTTPClient(), Scheme: scheme, Mapper: mgr.GetRESTMapper()})
	if err != nil {
		return err
	}
	if err := addIndexes(ctx, mgr.GetFieldIndexer()); err != nil {
		return err
	}
	adds := []func(ctrl.Manager, client.Client, *options) error{addModels, addAgents, addQueries, addWebhooks, addReviews, addInspection}
	if o.discovery {
		adds = append(adds, addMemories, addExecutionEngines, addA2AServers, addMCPServers)
	}
	for _, add := range adds {
		if err := add(mgr, live, o); err != nil {
			return err
		}
	}
	return mgr.Start(ctx)
}
