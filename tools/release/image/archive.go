package main

import (
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/layout"
)

// archive is an OCI image layout, in a folder until it is written.
type archive struct {
	name   string
	dir    string
	layout layout.Path
}

func newArchive(name string) (*archive, error) {
	dir, err := os.MkdirTemp("", "image-")
	if err != nil {
		return nil, err
	}
	path, err := layout.Write(dir, empty.Index)
	return &archive{name: name, dir: dir, layout: path}, err
}

func (a *archive) remove() { _ = os.RemoveAll(a.dir) }

// annotations name the image: the first is read by containerd, and with it by kind, the second by
// everybody else.
func (a *archive) annotations() layout.Option {
	tag := a.name[len(repository)+1:]
	return layout.WithAnnotations(map[string]string{
		"io.containerd.image.name":          "docker.io/library/" + a.name,
		"org.opencontainers.image.ref.name": tag,
	})
}

// addImage adds the image, and for docker load, which does not read the layout, what and where it
// is.
func (a *archive) addImage(image v1.Image) (v1.Hash, error) {
	if err := a.layout.AppendImage(image, a.annotations()); err != nil {
		return v1.Hash{}, err
	}
	manifest, err := image.Manifest()
	if err != nil {
		return v1.Hash{}, err
	}
	var layers []string
	for _, layer := range manifest.Layers {
		layers = append(layers, blob(layer.Digest))
	}
	content, err := json.Marshal([]struct {
		Config   string
		RepoTags []string
		Layers   []string
	}{{blob(manifest.Config.Digest), []string{a.name}, layers}})
	if err != nil {
		return v1.Hash{}, err
	}
	if err := os.WriteFile(filepath.Join(a.dir, "manifest.json"), content, 0o644); err != nil {
		return v1.Hash{}, err
	}
	return image.Digest()
}

// addIndex adds an image for several platforms.
func (a *archive) addIndex(index v1.ImageIndex) (v1.Hash, error) {
	if err := a.layout.AppendIndex(index, a.annotations()); err != nil {
		return v1.Hash{}, err
	}
	return index.Digest()
}

// blob is where the layout has what has that digest.
func blob(digest v1.Hash) string { return "blobs/" + digest.Algorithm + "/" + digest.Hex }

// write writes the archive.
func (a *archive) write(path string) error {
	var files []file
	if err := fs.WalkDir(os.DirFS(a.dir), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := os.ReadFile(filepath.Join(a.dir, name))
		files = append(files, file{name: name, mode: 0o644, content: content})
		return err
	}); err != nil {
		return err
	}
	to, err := os.Create(path)
	if err != nil {
		return err
	}
	if err := pack(to, files); err != nil {
		return err
	}
	return to.Close()
}
