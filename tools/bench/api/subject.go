package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"slices"
	"strings"

	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"

	"ark.ai/apiserver/conformance/environment"
)

// subject is one of those that are measured.
type subject struct {
	name string
	env  *environment.Running
	// processes are those that this process has started for it.
	processes map[int]bool
	config    *rest.Config
	client    *http.Client
	dir       string
	// driver is the database's: empty for etcd.
	driver string
	// closers end what is not the environment's, the last first.
	closers []func() error
	// restarted are servers that have taken the place of the environment's.
	restarted []*exec.Cmd
	// patched counts the status patches, so that each changes something.
	patched int
}

// selects reports whether it answers rich questions by itself.
func (s *subject) selects() bool { return s.env.Mode != environment.CRD }

// start runs one by its name: a mode, and a database where there is a server of ours.
func start(ctx context.Context, name, dir string) (*subject, error) {
	before, err := children()
	if err != nil {
		return nil, err
	}
	if err := os.Mkdir(dir, 0o700); err != nil {
		return nil, err
	}
	mode, driver, _ := strings.Cut(name, "-")
	s := &subject{name: name, dir: dir, driver: driver}
	// Servers as they are by default, but that no question is so slow that there is an index before
	// it is measured how it is to be without.
	options := environment.Options{
		Mode: mode, Driver: driver, Dir: dir, Flags: append([]string{"--field-index-threshold=24h", "--compaction-window=1h"}, strings.Fields(*flags)...),
	}
	if mode == kineMode {
		options.Mode = environment.CRD
		if options.Etcd, err = s.startKine(ctx, driver); err != nil {
			return nil, errors.Join(err, s.close())
		}
	}
	options.Large = options.Mode == environment.CRD && *objects >= long
	if s.env, err = environment.Start(ctx, options); err != nil {
		return nil, errors.Join(err, s.close())
	}
	if s.processes, err = children(); err != nil {
		return nil, errors.Join(err, s.stop())
	}
	for pid := range before {
		delete(s.processes, pid)
	}
	if s.config, err = clientcmd.BuildConfigFromFlags("", s.env.Kubeconfig); err != nil {
		return nil, errors.Join(err, s.stop())
	}
	if s.client, err = newClient(s.config); err != nil {
		return nil, errors.Join(err, s.stop())
	}
	for _, namespace := range namespaces {
		body := fmt.Sprintf(`{"apiVersion":"v1","kind":"Namespace","metadata":{"name":%q}}`, namespace)
		if _, err := s.request(ctx, http.MethodPost, "/api/v1/namespaces", jsonBody, body); err != nil {
			return nil, errors.Join(err, s.stop())
		}
	}
	return s, nil
}

// stop ends it. The environment misses the servers that were started anew.
func (s *subject) stop() error {
	for _, command := range s.restarted {
		_ = command.Process.Kill()
		_ = command.Wait()
	}
	err := s.env.Stop()
	if len(s.restarted) > 0 {
		err = nil
	}
	return errors.Join(err, s.close())
}

// close ends what is not the environment's.
func (s *subject) close() error {
	var errs []error
	for _, end := range slices.Backward(s.closers) {
		errs = append(errs, end())
	}
	return errors.Join(errs...)
}

// newClient has connections of its own.
func newClient(config *rest.Config) (*http.Client, error) {
	secure, err := rest.TLSConfigFor(config)
	if err != nil {
		return nil, err
	}
	return &http.Client{Transport: &http.Transport{TLSClientConfig: secure, ForceAttemptHTTP2: true, DisableCompression: true}}, nil
}

// Content types of requests.
const (
	jsonBody   = "application/json"
	mergePatch = "application/merge-patch+json"
	applyPatch = "application/apply-patch+yaml"
)

// request returns the body of a good answer.
func (s *subject) request(ctx context.Context, method, path, contentType, body string) ([]byte, error) {
	return request(ctx, s.client, s.config.Host, method, path, contentType, body)
}

func request(ctx context.Context, client *http.Client, host, method, path, contentType, body string) ([]byte, error) {
	response, err := send(ctx, client, host, method, path, contentType, body)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	return io.ReadAll(response.Body)
}

// send returns a good answer, whose body is the caller's to close.
func send(ctx context.Context, client *http.Client, host, method, path, contentType, body string) (*http.Response, error) {
	request, err := http.NewRequestWithContext(ctx, method, host+path, strings.NewReader(body))
	if err != nil {
		return nil, err
	}
	if contentType != "" {
		request.Header.Set("Content-Type", contentType)
	}
	request.Header.Set("Accept", jsonBody)
	response, err := client.Do(request)
	if err != nil {
		return nil, err
	}
	if response.StatusCode >= http.StatusBadRequest {
		defer response.Body.Close()
		text, err := io.ReadAll(io.LimitReader(response.Body, 500))
		return nil, errors.Join(fmt.Errorf("%s %s: %s: %s", method, path, response.Status, bytes.TrimSpace(text)), err)
	}
	return response, nil
}
