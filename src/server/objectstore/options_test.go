package objectstore

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
	"time"

	"ark.ai/apiserver/src/server/objectstore/s3test"
)

func TestParseLocation(t *testing.T) {
	t.Parallel()
	for place, want := range map[string]Location{
		"s3://backups/a/b c%20.db": {"backups", "a/b c%20.db"}, "s3://backups/a/": {"backups", "a/"}, "s3://backups": {"backups", ""}, "s3://backups/": {"backups", ""},
	} {
		if got, err := ParseLocation(place); err != nil || got != want {
			t.Errorf("%s: got %+v, error %v", place, got, err)
		}
	}
	for _, place := range []string{"s3://", "s3:///a", "s3://A_B/c", "s3:backups/a", "backups/a"} {
		_, err := ParseLocation(place)
		wantSentence(t, place, err, "must be like s3://bucket/folder/ or s3://bucket/key.db")
	}
}

func TestValidate(t *testing.T) {
	for name, test := range map[string]struct {
		options  Options
		variable string
		want     string
	}{
		"style":    {Options{AddressingStyle: "dns"}, "", `--s3-addressing-style: "dns" must be one of auto, path, virtual`},
		"scheme":   {Options{AddressingStyle: "auto", Endpoint: "ftp://s3.example.com"}, "", "--s3-endpoint must be a URL such as"},
		"path":     {Options{AddressingStyle: "auto", Endpoint: "https://s3.example.com/backups"}, "", "--s3-endpoint must be a URL such as"},
		"password": {Options{AddressingStyle: "auto", Endpoint: "https://a:" + s3test.SecretKey + "@s3.example.com"}, "", "--s3-endpoint must be a URL such as"},
		"variable": {Options{AddressingStyle: "auto"}, "https://", "AWS_ENDPOINT_URL must be a URL such as"},
	} {
		t.Setenv("AWS_ENDPOINT_URL_S3", "")
		t.Setenv("AWS_ENDPOINT_URL", test.variable)
		wantSentence(t, name, errors.Join(test.options.Validate()...), test.want)
	}
}

// TestServerIsAskedByTLS, unless a URL says otherwise.
func TestServerIsAskedByTLS(t *testing.T) {
	t.Setenv("AWS_ENDPOINT_URL_S3", "")
	for endpoint, want := range map[string]string{
		"": "s3.amazonaws.com true", "s3.example.com:9000": "s3.example.com:9000 true", "https://s3.example.com/": "s3.example.com true", "http://s3.example.com": "s3.example.com false",
	} {
		for name, o := range map[string]*Options{"flag": {Endpoint: endpoint}, "variable": {}} {
			t.Setenv("AWS_ENDPOINT_URL", "")
			if name == "variable" {
				t.Setenv("AWS_ENDPOINT_URL", endpoint)
			}
			address, secure, err := o.server()
			if got := fmt.Sprint(address, " ", secure); err != nil || got != want {
				t.Errorf("%s %q: got %s, error %v; want %s", name, endpoint, got, err, want)
			}
		}
	}
}

// TestCredentials come from where Amazon's own programs find them.
func TestCredentials(t *testing.T) {
	serve(t)
	for _, variable := range []string{
		"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE", "AWS_SHARED_CREDENTIALS_FILE", "AWS_CONFIG_FILE", "AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_ROLE_ARN",
		"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_CONTAINER_CREDENTIALS_FULL_URI", "AWS_CONTAINER_AUTHORIZATION_TOKEN", "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
	} {
		t.Setenv(variable, "")
	}
	home := t.TempDir()
	t.Setenv("HOME", home)
	open := func() error {
		bucket, err := NewOptions().Open(t.Context(), s3test.Bucket)
		if err == nil {
			_, err = bucket.List(t.Context(), "")
		}
		return err
	}
	t.Run("none", func(t *testing.T) {
		wantSentence(t, "no credentials", open(), "there are no credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY")
	})
	t.Run("half", func(t *testing.T) {
		t.Setenv("AWS_ACCESS_KEY_ID", s3test.AccessKey)
		wantSentence(t, "no secret", open(), "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY must be set together")
	})
	t.Run("service account", func(t *testing.T) {
		t.Setenv("AWS_WEB_IDENTITY_TOKEN_FILE", filepath.Join(home, "token"))
		t.Setenv("AWS_ROLE_ARN", "arn:aws:iam::123456789012:role/backups")
		wantSentence(t, "no token", open(), "can't get credentials from AWS_WEB_IDENTITY_TOKEN_FILE: open ")
	})
	t.Run("container", func(t *testing.T) {
		agent := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			fmt.Fprintf(w, `{"AccessKeyId": %q, "SecretAccessKey": %q, "Token": "", "Expiration": %q}`, s3test.AccessKey, s3test.SecretKey, time.Now().Add(time.Hour).Format(time.RFC3339))
		}))
		defer agent.Close()
		t.Setenv("AWS_CONTAINER_CREDENTIALS_FULL_URI", agent.URL)
		if err := open(); err != nil {
			t.Error(err)
		}
	})
	if err := os.MkdirAll(filepath.Join(home, ".aws"), 0o700); err != nil {
		t.Fatal(err)
	}
	shared := fmt.Sprintf("[default]\naws_access_key_id = nobody\naws_secret_access_key = wrong\n[backups]\naws_access_key_id = %s\naws_secret_access_key = %s\n", s3test.AccessKey, s3test.SecretKey)
	if err := os.WriteFile(filepath.Join(home, ".aws", "credentials"), []byte(shared), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Run("file", func(t *testing.T) {
		wantSentence(t, "the default profile", open(), "does not accept the credentials")
		t.Setenv("AWS_PROFILE", "backups")
		if err := open(); err != nil {
			t.Error(err)
		}
		t.Setenv("AWS_PROFILE", "nothing")
		wantSentence(t, "no such profile", open(), "can't get credentials from the shared files of AWS")
	})
}

func TestAuthorities(t *testing.T) {
	t.Setenv("AWS_CA_BUNDLE", "")
	empty := filepath.Join(t.TempDir(), "empty")
	if err := os.WriteFile(empty, []byte("nothing"), 0o600); err != nil {
		t.Fatal(err)
	}
	for file, want := range map[string]string{empty: "--s3-ca-file: there are no certificates (PEM) in " + empty, empty + "x": "--s3-ca-file: open "} {
		_, err := (&Options{AddressingStyle: "auto", CAFile: file}).Open(t.Context(), s3test.Bucket)
		wantSentence(t, file, err, want)
	}
}
