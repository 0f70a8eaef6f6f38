package main

import (
	"fmt"
	"os"
	"strings"
	"time"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/types"

	"ark.ai/apiserver/tools/release/status"
)

// user is who the server runs as, by number: Kubernetes can't tell by a name that it is not root.
const user = "65532:65532"

// newImage makes the image of a program, which has to be linked statically: there is nothing else
// to run in it.
func newImage(platform, program string, built status.Status) (v1.Image, error) {
	goos, goarch, ok := strings.Cut(platform, "/")
	if !ok {
		return nil, fmt.Errorf("the platform is not such as linux/amd64")
	}
	binary, err := os.ReadFile(program)
	if err != nil {
		return nil, err
	}
	base, err := baseFiles()
	if err != nil {
		return nil, err
	}
	image := mutate.ConfigMediaType(mutate.MediaType(empty.Image, types.OCIManifestSchema1), types.OCIConfigJSON)
	// What changes least comes first.
	for _, content := range []struct {
		files []file
		what  string
	}{
		{base, "users, certificate authorities"},
		{[]file{{name: "usr/local/bin/ark-apiserver", mode: 0o755, content: binary}}, "ark-apiserver " + built.Version},
	} {
		layer, err := newLayer(content.files)
		if err != nil {
			return nil, err
		}
		image, err = mutate.Append(image, mutate.Addendum{
			Layer:   layer,
			History: v1.History{Created: v1.Time{Time: built.Date}, CreatedBy: content.what},
		})
		if err != nil {
			return nil, err
		}
	}
	config, err := image.ConfigFile()
	if err != nil {
		return nil, err
	}
	config = config.DeepCopy()
	config.OS, config.Architecture = goos, goarch
	config.Created = v1.Time{Time: built.Date}
	config.Config = v1.Config{
		User:       user,
		Env:        []string{"PATH=/usr/local/bin", "HOME=" + home},
		Entrypoint: []string{"ark-apiserver"},
		WorkingDir: home,
		Labels:     labels(built),
	}
	return mutate.ConfigFile(image, config)
}

func labels(built status.Status) map[string]string {
	labels := map[string]string{
		"org.opencontainers.image.title":       "ark-apiserver",
		"org.opencontainers.image.description": "Serves the Ark resources as a Kubernetes API from SQLite or PostgreSQL",
		"org.opencontainers.image.licenses":    "Apache-2.0",
		"org.opencontainers.image.version":     built.Version,
		"org.opencontainers.image.created":     built.Date.Format(time.RFC3339),
	}
	if built.Revision != "" {
		labels["org.opencontainers.image.revision"] = built.Revision
	}
	return labels
}
