package database

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestSecretsOfMySQL(t *testing.T) {
	file := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(file, []byte("from-file\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv(mysqlPasswordVariable, "from-environment")
	t.Setenv(mysqlDSNVariable, "")
	if backend, err := (&MySQLOptions{Host: "db", PasswordFile: file}).backendOptions(); err != nil || backend.Password != "from-file" || backend.Host != "db" {
		t.Errorf("password of a file: %+v, %v", backend, err)
	}
	if backend, err := (&MySQLOptions{}).backendOptions(); err != nil || backend.Password != "from-environment" {
		t.Errorf("password of the environment: %+v, %v", backend, err)
	}
	if backend, err := (&MySQLOptions{DSNFile: file}).backendOptions(); err != nil || backend.DSN != "from-file" || backend.Password != "" {
		t.Errorf("connection string of a file: %+v, %v", backend, err)
	}
	t.Setenv(mysqlDSNVariable, "u:sekret@tcp(db)/ark")
	if backend, err := (&MySQLOptions{}).backendOptions(); err != nil || backend.DSN != "u:sekret@tcp(db)/ark" {
		t.Errorf("connection string of the environment: %+v, %v", backend, err)
	}
	errs := (&MySQLOptions{Host: "db"}).validate()
	if len(errs) != 1 || !strings.Contains(errs[0].Error(), "--mysql-host has no effect with "+mysqlDSNVariable) || strings.Contains(errs[0].Error(), "sekret") {
		t.Errorf("both a connection string and a host: %v", errs)
	}
}
