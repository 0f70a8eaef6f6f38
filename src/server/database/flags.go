package database

import (
	"fmt"
	"os"
	"strings"
)

// flag says whether an option was given.
type flag struct {
	name  string
	given bool
}

func given(flags ...flag) []string {
	var names []string
	for _, flag := range flags {
		if flag.given {
			names = append(names, flag.name)
		}
	}
	return names
}

// secret is the content of a file, or else the value of an environment variable, or else "".
func secret(flag, file, variable string) (string, error) {
	if file == "" {
		return os.Getenv(variable), nil
	}
	content, err := os.ReadFile(file)
	if err != nil {
		return "", fmt.Errorf("--%s: %w", flag, err)
	}
	// Editors and heredocs end files with a newline.
	return strings.TrimRight(string(content), "\r\n"), nil
}
