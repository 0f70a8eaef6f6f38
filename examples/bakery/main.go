// A generic API server that keeps a type of its own in SQLite or PostgreSQL, by src/storage. It
// answers to everybody who reaches it: authentication and authorization are those of any other
// generic API server, and left out here.
//
//	go run . --secure-port=8443 --sqlite-path=bakery.db
//	kubectl --server=https://localhost:8443 --insecure-skip-tls-verify create --filename=rye.yaml
package main

import (
	"context"
	"log"
	"net"

	"github.com/spf13/pflag"
	genericapiserver "k8s.io/apiserver/pkg/server"
	genericoptions "k8s.io/apiserver/pkg/server/options"
	"k8s.io/apiserver/pkg/util/compatibility"

	"ark.ai/apiserver/src/storage"
	"ark.ai/apiserver/src/storage/changelog"
	"ark.ai/apiserver/src/storage/driver"
	"ark.ai/apiserver/src/storage/postgresql"
	"ark.ai/apiserver/src/storage/sqlite"
)

func main() {
	options := genericoptions.NewRecommendedOptions("", codecs.LegacyCodec(bakeryV1))
	// What a server asks a cluster for.
	options.CoreAPI, options.Authentication, options.Authorization, options.Admission = nil, nil, nil, nil
	options.Features.EnablePriorityAndFairness = false
	options.SecureServing.ServerCert.CertDirectory = "" // a certificate of its own, in memory
	options.SecureServing.AddFlags(pflag.CommandLine)
	path := pflag.String("sqlite-path", "bakery.db", "SQLite database file.")
	dsn := pflag.String("postgresql-dsn", "", "Connection string of a PostgreSQL database, in place of SQLite.")
	pflag.Parse()
	if err := run(genericapiserver.SetupSignalContext(), options, *path, *dsn); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context, options *genericoptions.RecommendedOptions, path, dsn string) error {
	engine, err := open(ctx, path, dsn)
	if err != nil {
		return err
	}
	defer engine.Close()

	if err := options.SecureServing.MaybeDefaultWithSelfSignedCerts("localhost", nil, []net.IP{net.IPv4(127, 0, 0, 1)}); err != nil {
		return err
	}
	config := genericapiserver.NewRecommendedConfig(codecs)
	config.EffectiveVersion = compatibility.DefaultBuildEffectiveVersion()
	describe(&config.Config)
	storage.ConfigureEtcdOptions(options.Etcd)
	if err := options.ApplyTo(config); err != nil {
		return err
	}
	storage.StopEtcdMetrics()
	config.RESTOptionsGetter = engine.RESTOptionsGetter(config.RESTOptionsGetter)

	server, err := config.Complete().New("bakery", genericapiserver.NewEmptyDelegate())
	if err != nil {
		return err
	}
	group, err := newBakeryGroup(config.RESTOptionsGetter)
	if err != nil {
		return err
	}
	if err := server.InstallAPIGroup(group); err != nil {
		return err
	}
	return server.PrepareRun().RunWithContext(ctx)
}

func open(ctx context.Context, path, dsn string) (*storage.Engine, error) {
	var backend driver.Backend
	var err error
	if dsn == "" {
		backend, err = sqlite.Open(ctx, sqlite.Options{Path: path})
	} else {
		backend, err = postgresql.Open(ctx, postgresql.Options{DSN: dsn, Name: "bakery"})
	}
	if err != nil {
		return nil, err
	}
	return storage.Open(ctx, backend, storage.Options{Log: changelog.Options{Name: "bakery"}})
}
