// Command image writes an image of ark-apiserver for each platform that it is given a program of,
// as an archive in the OCI image layout. Equal programs make equal archives, byte for byte.
//
//	image -output image.tar linux/amd64=ark-apiserver
//
// With one platform, docker load takes the archive too. With several, it is an image index, for
// registries.
package main

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/types"

	"ark.ai/apiserver/tools/release/status"
)

// repository is the name of the image, without a registry.
const repository = "ark-apiserver"

func main() {
	output := flag.String("output", "image.tar", "the archive to write")
	digest := flag.String("digest", "", "a file for the digest of the image")
	status := flag.String("status", "", "Bazel's workspace status with the version; without it, the version is dev")
	flag.Parse()
	if err := run(*output, *digest, *status, flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, "image:", err)
		os.Exit(1)
	}
}

func run(output, digestFile, statusFile string, arguments []string) error {
	built, err := status.Read(statusFile)
	if err != nil {
		return err
	}
	images := map[string]v1.Image{}
	for _, argument := range arguments {
		platform, program, ok := strings.Cut(argument, "=")
		if !ok {
			return fmt.Errorf("%q is not PLATFORM=PROGRAM", argument)
		}
		if images[platform], err = newImage(platform, program, built); err != nil {
			return fmt.Errorf("%s: %w", platform, err)
		}
	}
	archive, err := newArchive(repository + ":" + built.Version)
	if err != nil {
		return err
	}
	defer archive.remove()
	platforms := slices.Sorted(maps.Keys(images))
	var digest v1.Hash
	switch len(platforms) {
	case 0:
		return fmt.Errorf("no program: say PLATFORM=PROGRAM")
	case 1:
		digest, err = archive.addImage(images[platforms[0]])
	default:
		digest, err = archive.addIndex(newIndex(platforms, images))
	}
	if err != nil {
		return err
	}
	if digestFile != "" {
		if err := os.WriteFile(digestFile, []byte(digest.String()+"\n"), 0o644); err != nil {
			return err
		}
	}
	return archive.write(output)
}

// newIndex makes one image of those for several platforms.
func newIndex(platforms []string, images map[string]v1.Image) v1.ImageIndex {
	index := mutate.IndexMediaType(empty.Index, types.OCIImageIndex)
	for _, platform := range platforms {
		goos, goarch, _ := strings.Cut(platform, "/")
		index = mutate.AppendManifests(index, mutate.IndexAddendum{
			Add:        images[platform],
			Descriptor: v1.Descriptor{Platform: &v1.Platform{OS: goos, Architecture: goarch}},
		})
	}
	return index
}
