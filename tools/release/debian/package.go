package main

import (
	"embed"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/goreleaser/nfpm/v2"
	"github.com/goreleaser/nfpm/v2/deb"
	"github.com/goreleaser/nfpm/v2/files"

	"ark.ai/apiserver/tools/release/status"
)

//go:embed default postinst prerm
var embedded embed.FS

// scripts is a folder with the embedded files, as nfpm reads them.
type scripts string

func writeScripts() (scripts, error) {
	dir, err := os.MkdirTemp("", "debian-")
	if err != nil {
		return "", err
	}
	return scripts(dir), os.CopyFS(dir, embedded)
}

func (s scripts) remove() { _ = os.RemoveAll(string(s)) }

func (s scripts) file(name string) string { return filepath.Join(string(s), name) }

// describe says what is in the package.
func describe(built status.Status, architecture, unit, program string, scripts scripts) *nfpm.Info {
	// Debian's versions begin with a digit.
	version := strings.TrimPrefix(built.Version, "v")
	if version == "dev" {
		version = "0.0.0-dev"
	}
	content := func(source, destination, kind string, mode os.FileMode) *files.Content {
		return &files.Content{Source: source, Destination: destination, Type: kind, FileInfo: &files.ContentFileInfo{Mode: mode, MTime: built.Date}}
	}
	return nfpm.WithDefaults(&nfpm.Info{
		Name:        "ark-apiserver",
		Arch:        architecture,
		Platform:    "linux",
		Version:     version,
		Section:     "admin",
		Priority:    "optional",
		Maintainer:  "Ark API server maintainers <maintainers@ark.ai>",
		Description: "Kubernetes API server for Ark resources on SQLite, PostgreSQL or MySQL\nIt serves agents, models, queries and the other kinds of the group ark.ai, without a cluster or behind one.",
		Homepage:    "https://ark.ai/apiserver",
		License:     "Apache-2.0",
		MTime:       built.Date,
		Overridables: nfpm.Overridables{
			Contents: files.Contents{
				content(program, "/usr/bin/ark-apiserver", "", 0o755),
				content(unit, "/usr/lib/systemd/system/ark-apiserver.service", "", 0o644),
				// It may have passwords.
				content(scripts.file("default"), "/etc/default/ark-apiserver", files.TypeConfigNoReplace, 0o600),
			},
			Scripts: nfpm.Scripts{PostInstall: scripts.file("postinst"), PreRemove: scripts.file("prerm")},
			// For token issuers and databases on the internet.
			Recommends: []string{"ca-certificates"},
		},
	})
}

func write(to io.Writer, info *nfpm.Info) error {
	if err := nfpm.PrepareForPackager(info, "deb"); err != nil {
		return err
	}
	return deb.Default.Package(info, to)
}
