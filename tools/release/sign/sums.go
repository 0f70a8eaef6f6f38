package main

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// file is one of a release.
type file struct{ name, sha256 string }

// check reads what sha256sum has written, and compares it with the files: nothing is signed that
// somebody has changed since.
func check(folder string, sums []byte) ([]file, error) {
	var files []file
	for line := range strings.Lines(string(sums)) {
		sum, name, found := strings.Cut(strings.TrimRight(line, "\n"), "  ")
		if !found || name != filepath.Base(name) {
			return nil, fmt.Errorf("%s: %q is not a checksum and the name of a file", sumsName, line)
		}
		is, err := sumOf(filepath.Join(folder, name))
		if err != nil {
			return nil, err
		}
		if is != sum {
			return nil, fmt.Errorf("%s is not what %s says", name, sumsName)
		}
		files = append(files, file{name, sum})
	}
	if len(files) == 0 {
		return nil, fmt.Errorf("%s is empty", sumsName)
	}
	return files, nil
}

func sumOf(path string) (string, error) {
	from, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer from.Close()
	sum := sha256.New()
	_, err = io.Copy(sum, from)
	return hex.EncodeToString(sum.Sum(nil)), err
}
