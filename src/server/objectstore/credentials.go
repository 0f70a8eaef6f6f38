package objectstore

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"github.com/minio/minio-go/v7/pkg/credentials"
)

// findCredentials finds them where Amazon's own programs do: in the environment, for a Kubernetes
// service account, in the files that they share, or at what runs this machine.
//
// The library's chain of providers is not used: it says nothing of what is wrong with one of them,
// and without any it asks servers as nobody.
func findCredentials(ctx context.Context, region string) (*credentials.Credentials, error) {
	iam := &credentials.IAM{Region: region, Client: &http.Client{Timeout: 10 * time.Second}}
	var provider credentials.Provider
	var where string
	switch {
	case os.Getenv("AWS_ACCESS_KEY_ID") != "" || os.Getenv("AWS_SECRET_ACCESS_KEY") != "":
		if os.Getenv("AWS_ACCESS_KEY_ID") == "" || os.Getenv("AWS_SECRET_ACCESS_KEY") == "" {
			return nil, errors.New("AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY must be set together")
		}
		provider, where = &credentials.EnvAWS{}, "the environment"
	case os.Getenv("AWS_WEB_IDENTITY_TOKEN_FILE") != "":
		provider, where = iam, "AWS_WEB_IDENTITY_TOKEN_FILE"
	case os.Getenv("AWS_PROFILE") != "" || sharedFiles():
		provider, where = &credentials.FileAWSCredentials{}, "the shared files of AWS"
	default:
		provider, where = iam, "what runs this machine"
	}
	found := credentials.New(provider)
	value, err := found.GetWithContext(&credentials.CredContext{Client: iam.Client, Context: ctx})
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case where == "what runs this machine" && os.Getenv("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI")+os.Getenv("AWS_CONTAINER_CREDENTIALS_FULL_URI") == "" && err != nil:
		return nil, errors.New("there are no credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE, or give this machine or service account a role")
	case err != nil:
		return nil, fmt.Errorf("can't get credentials from %s: %w", where, err)
	case value.AccessKeyID == "" || value.SecretAccessKey == "":
		return nil, fmt.Errorf("there are no credentials in %s", where)
	}
	return found, nil
}

// sharedFiles reports whether there is one of the files that Amazon's programs share.
func sharedFiles() bool {
	home, _ := os.UserHomeDir()
	for variable, usual := range map[string]string{"AWS_SHARED_CREDENTIALS_FILE": "credentials", "AWS_CONFIG_FILE": "config"} {
		path := os.Getenv(variable)
		if path == "" {
			path = filepath.Join(home, ".aws", usual)
		}
		if _, err := os.Stat(path); err == nil {
			return true
		}
	}
	return false
}
