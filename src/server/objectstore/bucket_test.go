package objectstore

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"ark.ai/apiserver/src/server/objectstore/s3test"
)

// serve runs a server that the environment names.
func serve(t *testing.T) *s3test.Server {
	t.Helper()
	server := s3test.New(t)
	for variable, value := range server.Variables() {
		t.Setenv(variable, value)
	}
	return server
}

func opened(t *testing.T, options *Options) *Bucket {
	t.Helper()
	bucket, err := options.Open(t.Context(), s3test.Bucket)
	if err != nil {
		t.Fatal(err)
	}
	return bucket
}

// file has random content, which nothing compresses.
func file(t *testing.T, size int) (path string, content []byte) {
	t.Helper()
	content = make([]byte, size)
	if _, err := rand.Read(content); err != nil {
		t.Fatal(err)
	}
	path = filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return path, content
}

// several is the size of a file that is uploaded in several parts.
const several = 20 << 20

func TestUploadAndDownload(t *testing.T) {
	serve(t)
	bucket := opened(t, NewOptions())
	for key, size := range map[string]int{"empty": 0, "folder/one": 1 << 20, "folder/sub/several parts + more.db": several} {
		path, content := file(t, size)
		if err := bucket.Upload(t.Context(), path, key); err != nil {
			t.Fatal(err)
		}
		got := filepath.Join(t.TempDir(), "got")
		if err := bucket.Download(t.Context(), key, got); err != nil {
			t.Fatal(err)
		}
		downloaded, err := os.ReadFile(got)
		if err != nil || !bytes.Equal(downloaded, content) {
			t.Errorf("%s comes back with %d bytes of %d, or others (%v)", key, len(downloaded), size, err)
		}
		if info, err := os.Stat(got); err != nil || info.Mode() != 0o600 {
			t.Errorf("its mode is %v (error %v)", info.Mode(), err)
		}
		if err := bucket.Download(t.Context(), key, got); !errors.Is(err, os.ErrExist) {
			t.Errorf("a file that is there is written over: %v", err)
		}
	}
	wantKeys(t, bucket, "folder/", "folder/one", "folder/sub/")
	if err := bucket.Remove(t.Context(), "folder/one"); err != nil {
		t.Fatal(err)
	}
	wantKeys(t, bucket, "folder/", "folder/sub/")
	err := bucket.Download(t.Context(), "folder/one", filepath.Join(t.TempDir(), "got"))
	wantSentence(t, "what was removed", err, "download s3://backups/folder/one: there is no such object")
}

// TestLongList: a server lists a thousand objects at a time.
func TestLongList(t *testing.T) {
	server := serve(t)
	for i := range 1001 {
		path := server.File(fmt.Sprintf("many/%04d", i))
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, nil, 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	objects, err := opened(t, NewOptions()).List(t.Context(), "many/")
	if err != nil || len(objects) != 1001 || objects[1000].Key != "many/1000" {
		t.Errorf("it lists %d objects, error %v", len(objects), err)
	}
}

func wantKeys(t *testing.T, bucket *Bucket, prefix string, want ...string) {
	t.Helper()
	objects, err := bucket.List(t.Context(), prefix)
	if err != nil {
		t.Fatal(err)
	}
	var keys []string
	for _, object := range objects {
		keys = append(keys, object.Key)
	}
	if !slices.Equal(keys, want) {
		t.Errorf("in %s there are %q, want %q", prefix, keys, want)
	}
}

// wantSentence wants one line that says something, and nothing that nobody may know.
func wantSentence(t *testing.T, what string, err error, want string) {
	t.Helper()
	if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\n") {
		t.Errorf("%s: got error %v, want one line with %q", what, err, want)
		return
	}
	t.Logf("%s: %v", what, err)
	for _, secret := range []string{s3test.SecretKey, s3test.SecretOfStrangers, "Signature=", "X-Amz", "Credential="} {
		if strings.Contains(err.Error(), secret) {
			t.Errorf("%s: the error has what is secret: %v", what, err)
		}
	}
}

// TestRefusals: each is one sentence that says what to change.
func TestRefusals(t *testing.T) {
	server := serve(t)
	path, _ := file(t, 1000)
	for name, test := range map[string]struct {
		variables map[string]string
		options   Options
		bucket    string
		want      string
	}{
		"bucket":     {bucket: "nothing-here", want: "there is no bucket nothing-here at " + server.URL + ": create it"},
		"stranger":   {variables: map[string]string{"AWS_ACCESS_KEY_ID": s3test.Stranger, "AWS_SECRET_ACCESS_KEY": s3test.SecretOfStrangers}, want: "denies access"},
		"unknown":    {variables: map[string]string{"AWS_ACCESS_KEY_ID": "nobody"}, want: "does not accept the credentials (InvalidAccessKeyId)"},
		"key":        {variables: map[string]string{"AWS_SECRET_ACCESS_KEY": "wrong"}, want: "does not accept the credentials (SignatureDoesNotMatch)"},
		"region":     {options: Options{Region: "us-west-2"}, want: "set --s3-region"},
		"authority":  {variables: map[string]string{"AWS_CA_BUNDLE": ""}, want: "was issued by an unknown authority: name its certificate with --s3-ca-file"},
		"name":       {options: Options{Endpoint: strings.Replace(server.URL, "127.0.0.1", "localhost", 1)}, want: "can't be used: x509: certificate is"},
		"no server":  {options: Options{Endpoint: "https://127.0.0.1:1"}, want: "can't be reached (dial tcp 127.0.0.1:1: connect: connection refused): check that --s3-endpoint is right"},
		"plain text": {options: Options{Endpoint: strings.Replace(server.URL, "https", "http", 1)}, want: "closed the connection without an answer"},
	} {
		t.Run(name, func(t *testing.T) {
			for variable, value := range test.variables {
				t.Setenv(variable, value)
			}
			test.options.AddressingStyle = "auto"
			if test.bucket == "" {
				test.bucket = s3test.Bucket
			}
			bucket, err := test.options.Open(t.Context(), test.bucket)
			if err != nil {
				t.Fatal(err)
			}
			_, err = bucket.List(t.Context(), "folder/")
			wantSentence(t, "list", err, test.want)
			wantSentence(t, "upload", bucket.Upload(t.Context(), path, "key"), test.want)
			to := filepath.Join(t.TempDir(), "got")
			wantSentence(t, "download", bucket.Download(t.Context(), "key", to), test.want)
		})
	}
}

// TestServerThatHangs is not waited for.
func TestServerThatHangs(t *testing.T) {
	server := serve(t)
	options := NewOptions()
	options.patience = 200 * time.Millisecond
	path, _ := file(t, several)
	bucket := opened(t, options)
	if _, err := bucket.List(t.Context(), ""); err != nil {
		t.Fatal(err)
	}
	server.Pause(t)
	for what, do := range map[string]func(*Bucket) error{
		"list":     func(b *Bucket) error { _, err := b.List(t.Context(), ""); return err },
		"upload":   func(b *Bucket) error { return b.Upload(t.Context(), path, "key") },
		"download": func(b *Bucket) error { return b.Download(t.Context(), "key", filepath.Join(t.TempDir(), "got")) },
	} {
		for connection, b := range map[string]*Bucket{"on a connection that is there": bucket, "on a new one": opened(t, options)} {
			begun := time.Now()
			wantSentence(t, what+" "+connection, do(b), "does not answer")
			if took := time.Since(begun); took > 20*time.Second {
				t.Errorf("%s %s took %s", what, connection, took)
			}
		}
	}
	server.Resume(t)
	if _, err := bucket.List(t.Context(), ""); err != nil {
		t.Errorf("when the server goes on: %v", err)
	}
}

// TestCutUpload leaves no object, and nothing that costs money.
func TestCutUpload(t *testing.T) {
	server := serve(t)
	whole := opened(t, NewOptions())
	for name, test := range map[string]struct{ size, after int }{
		"one part": {4 << 20, 2 << 20}, "first part": {several, 2 << 20}, "last part": {several, several - 1<<20},
	} {
		t.Run(name, func(t *testing.T) {
			options := NewOptions()
			proxy := cutAfter(t, server.Port, test.after)
			options.Endpoint = fmt.Sprintf("https://127.0.0.1:%d", proxy.port)
			path, _ := file(t, test.size)
			wantSentence(t, "upload", opened(t, options).Upload(t.Context(), path, "cut.db"), "upload s3://backups/cut.db: ")
			if proxy.cuts.Load() == 0 {
				t.Error("nothing was cut")
			}
			wantKeys(t, whole, "cut")
		})
	}
}

// TestCutDownload: half of an object is not taken for one.
func TestCutDownload(t *testing.T) {
	server := serve(t)
	path, _ := file(t, several)
	if err := opened(t, NewOptions()).Upload(t.Context(), path, "whole"); err != nil {
		t.Fatal(err)
	}
	options := NewOptions()
	proxy := cutAfter(t, server.Port, 10<<20)
	proxy.answers = true
	options.Endpoint = fmt.Sprintf("https://127.0.0.1:%d", proxy.port)
	err := opened(t, options).Download(t.Context(), "whole", filepath.Join(t.TempDir(), "got"))
	wantSentence(t, "download", err, "closed the connection before it had finished")
}

// TestStoppedUpload ends when the command is stopped.
func TestStoppedUpload(t *testing.T) {
	serve(t)
	bucket := opened(t, NewOptions())
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	path, _ := file(t, several)
	if err := bucket.Upload(ctx, path, "stopped"); !errors.Is(err, context.Canceled) {
		t.Errorf("got error %v", err)
	}
	wantKeys(t, bucket, "stopped")
}
