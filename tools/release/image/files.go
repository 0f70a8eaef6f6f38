package main

import (
	"archive/tar"
	"bytes"
	"encoding/pem"
	"fmt"
	"io"
	"time"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/tarball"
	"github.com/google/go-containerregistry/pkg/v1/types"
	"golang.org/x/crypto/x509roots/fallback/bundle"
)

const (
	// owner of what the server may write to.
	owner = 65532
	home  = "/home/ark"
)

// file is a file, or a folder if its name ends with a slash.
type file struct {
	name    string
	mode    int64
	owner   int
	content []byte
}

// baseFiles are those beside the program.
func baseFiles() ([]file, error) {
	authorities, err := certificateAuthorities()
	if err != nil {
		return nil, err
	}
	return []file{
		// The SQLite database is here by default, in the Helm chart.
		{name: "data/", mode: 0o700, owner: owner},
		{name: "etc/group", mode: 0o644, content: []byte("root:x:0:\nark:x:65532:\n")},
		{name: "etc/passwd", mode: 0o644, content: []byte("root:x:0:0:root:/:/sbin/nologin\nark:x:65532:65532:ark:" + home + ":/sbin/nologin\n")},
		{name: "etc/ssl/certs/ca-certificates.crt", mode: 0o644, content: authorities},
		{name: home[1:] + "/", mode: 0o700, owner: owner},
		{name: "tmp/", mode: 0o1777},
	}, nil
}

// certificateAuthorities are those of Mozilla, for token issuers and databases on the internet.
// Those that are trusted under conditions only are left out: a file can't say them.
func certificateAuthorities() ([]byte, error) {
	var file bytes.Buffer
	for root := range bundle.Roots() {
		if root.Constraint != nil {
			continue
		}
		if err := pem.Encode(&file, &pem.Block{Type: "CERTIFICATE", Bytes: root.Certificate}); err != nil {
			return nil, err
		}
	}
	if file.Len() == 0 {
		return nil, fmt.Errorf("there are no certificate authorities")
	}
	return file.Bytes(), nil
}

// newLayer packs files.
func newLayer(files []file) (v1.Layer, error) {
	var packed bytes.Buffer
	if err := pack(&packed, files); err != nil {
		return nil, err
	}
	return tarball.LayerFromOpener(func() (io.ReadCloser, error) {
		return io.NopCloser(bytes.NewReader(packed.Bytes())), nil
	}, tarball.WithMediaType(types.OCILayer))
}

// pack writes a tar archive that depends on nothing but the files.
func pack(to io.Writer, files []file) error {
	archive := tar.NewWriter(to)
	for _, file := range files {
		header := &tar.Header{
			Name: file.name, Mode: file.mode, Uid: file.owner, Gid: file.owner, Size: int64(len(file.content)),
			Typeflag: tar.TypeReg, ModTime: time.Unix(0, 0), Format: tar.FormatUSTAR,
		}
		if file.name[len(file.name)-1] == '/' {
			header.Typeflag = tar.TypeDir
		}
		if err := archive.WriteHeader(header); err != nil {
			return err
		}
		if _, err := archive.Write(file.content); err != nil {
			return err
		}
	}
	return archive.Close()
}
