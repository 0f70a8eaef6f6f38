package standalone_test

import (
	"crypto/sha256"
	"os"
	"path/filepath"
	"slices"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"ark.ai/apiserver/src/server/datadir"
)

// credentials are the certificates and keys in a data directory.
var credentials = []string{
	datadir.AuthorityCertificate, datadir.AuthorityKey, datadir.ServingCertificate, datadir.ServingKey,
	datadir.AdminCertificate, datadir.AdminKey, datadir.ServiceAccountKey,
}

// newDir is a data directory that does not exist yet.
func newDir() string { return filepath.Join(GinkgoT().TempDir(), "data") }

// copyFiles copies files from one directory to another, which it makes.
func copyFiles(from, to string, names ...string) {
	GinkgoHelper()
	Expect(os.MkdirAll(to, 0o700)).To(Succeed())
	for _, name := range names {
		content, err := os.ReadFile(filepath.Join(from, name))
		Expect(err).NotTo(HaveOccurred())
		Expect(os.WriteFile(filepath.Join(to, name), content, 0o600)).To(Succeed())
	}
}

func checksums(dir string, names ...string) map[string][sha256.Size]byte {
	GinkgoHelper()
	sums := map[string][sha256.Size]byte{}
	for _, name := range names {
		content, err := os.ReadFile(filepath.Join(dir, name))
		Expect(err).NotTo(HaveOccurred())
		sums[name] = sha256.Sum256(content)
	}
	return sums
}

// filesIn leaves lock files out: they hold a process's number.
func filesIn(dir string) []string {
	GinkgoHelper()
	entries, err := os.ReadDir(dir)
	Expect(err).NotTo(HaveOccurred())
	var names []string
	for _, entry := range entries {
		if entry.Type().IsRegular() && !strings.HasSuffix(entry.Name(), ".lock") {
			names = append(names, entry.Name())
		}
	}
	slices.Sort(names)
	return names
}

func mode(path string) os.FileMode {
	GinkgoHelper()
	info, err := os.Stat(path)
	Expect(err).NotTo(HaveOccurred())
	return info.Mode().Perm()
}
