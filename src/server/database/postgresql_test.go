package database

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestSecretsComeFromFilesOrTheEnvironment(t *testing.T) {
	file := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(file, []byte("from-file\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv(passwordVariable, "")
	t.Setenv(dsnVariable, "")

	options := PostgreSQLOptions{Host: "db", PasswordFile: file}
	if backend, err := options.backendOptions(); err != nil || backend.Password != "from-file" || backend.Host != "db" {
		t.Errorf("password of a file: %+v, %v", backend, err)
	}
	t.Setenv(passwordVariable, "from-environment")
	if backend, err := (&PostgreSQLOptions{}).backendOptions(); err != nil || backend.Password != "from-environment" {
		t.Errorf("password of the environment: %+v, %v", backend, err)
	}
	if backend, err := (&PostgreSQLOptions{DSNFile: file}).backendOptions(); err != nil || backend.DSN != "from-file" || backend.Password != "" {
		t.Errorf("connection string of a file: %+v, %v", backend, err)
	}
	t.Setenv(dsnVariable, "postgres://u:sekret@db/ark")
	if backend, err := (&PostgreSQLOptions{}).backendOptions(); err != nil || backend.DSN != "postgres://u:sekret@db/ark" {
		t.Errorf("connection string of the environment: %+v, %v", backend, err)
	}
	errs := (&PostgreSQLOptions{Host: "db"}).validate()
	if len(errs) != 1 || !strings.Contains(errs[0].Error(), "--postgresql-host has no effect with "+dsnVariable) || strings.Contains(errs[0].Error(), "sekret") {
		t.Errorf("both a connection string and a host: %v", errs)
	}
	t.Setenv(dsnVariable, "")
	if _, err := (&PostgreSQLOptions{PasswordFile: "/missing"}).backendOptions(); err == nil || !strings.Contains(err.Error(), "--postgresql-password-file: open /missing") {
		t.Errorf("missing file: %v", err)
	}
}
