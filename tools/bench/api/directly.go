package main

import (
	"context"
	"errors"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"time"

	"github.com/spf13/pflag"
	"golang.org/x/sync/errgroup"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"

	"ark.ai/apiserver/src/registry"
	"ark.ai/apiserver/src/server/arkgroup"
	"ark.ai/apiserver/src/server/database"
)

const (
	// directly is from how many objects on they are written as they are stored, and not by
	// requests: to create them all takes an hour.
	directly = 50_000
	// atOnce is how many of them each client writes together: etcd takes 128 in a transaction.
	atOnce = 100
)

// putDirectly is load for many objects.
func (s *subject) putDirectly(ctx context.Context, r *result, objects int) error {
	put := s.putIntoEtcd
	if s.selects() {
		put = s.putIntoDatabase
	}
	r.Skipped = true // nobody's requests
	if err := put(ctx, r, objects); err != nil {
		return err
	}
	// kube-apiserver has found the server again then, and the watch cache has all of them.
	for {
		_, err := s.request(ctx, http.MethodGet, all+"?resourceVersion=0&limit=1", "", "")
		if err == nil || ctx.Err() != nil {
			return err
		}
		time.Sleep(time.Second)
	}
}

// putIntoDatabase has this process write what the server stores. Where only one process may, the
// server is stopped meanwhile.
func (s *subject) putIntoDatabase(ctx context.Context, r *result, objects int) (err error) {
	options, err := s.database()
	if err != nil {
		return err
	}
	if !options.Shared() {
		var command *exec.Cmd
		if command, err = s.stopServer(); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, s.startServer(ctx, command)) }()
	}
	engine, err := options.Open(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, engine.Close()) }()
	kinds, end, err := arkgroup.OpenStored(engine, "")
	if err != nil {
		return err
	}
	defer end()
	for i := range kinds {
		if kinds[i].Plural == "queries" {
			return putInto(ctx, &kinds[i], r, objects)
		}
	}
	return errors.New("no queries are stored")
}

func putInto(ctx context.Context, kind *registry.Stored, r *result, objects int) error {
	return manyBatches(ctx, r, objects, func(from, to int) error {
		group, ctx := errgroup.WithContext(ctx)
		for i := from; i < to; i++ {
			stored, err := newQuery(i).stored()
			if err != nil {
				return err
			}
			object, err := runtime.Decode(kind.Codec, stored)
			if err != nil {
				return err
			}
			key, err := kind.Key(object.(metav1.Object))
			if err != nil {
				return err
			}
			group.Go(func() error { return kind.Storage.Create(ctx, key, object, nil, 0) })
		}
		return group.Wait()
	})
}

// manyBatches calls do for ranges that are all objects together.
func manyBatches(ctx context.Context, r *result, objects int, do func(from, to int) error) error {
	err := many(ctx, r, (objects+atOnce-1)/atOnce, func(batch int) error {
		return do(batch*atOnce, min(objects, (batch+1)*atOnce))
	})
	r.Requests = objects
	return err
}

// database is that of the server, by its flags. The password is in this process's environment then.
func (s *subject) database() (*database.Options, error) {
	pid, err := s.server()
	if err != nil {
		return nil, err
	}
	server, err := commandOf(pid)
	if err != nil {
		return nil, err
	}
	for _, variable := range server.Env {
		if name, value, _ := strings.Cut(variable, "="); strings.HasPrefix(name, "ARK_") {
			if err := os.Setenv(name, value); err != nil {
				return nil, err
			}
		}
	}
	options := database.NewOptions()
	flags := pflag.NewFlagSet("", pflag.ContinueOnError)
	flags.ParseErrorsAllowlist.UnknownFlags = true
	options.AddFlags(flags)
	return options, flags.Parse(server.Args[1:])
}
