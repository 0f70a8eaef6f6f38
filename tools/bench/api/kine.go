package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	kine "github.com/k3s-io/kine/pkg/app"

	"ark.ai/apiserver/conformance/environment"
	"ark.ai/apiserver/src/storage/storagetest/mysqltest"
	"ark.ai/apiserver/src/storage/storagetest/postgrestest"
)

// kineMode is custom resources in kube-apiserver on kine, k3s's etcd on SQL.
const kineMode = "kine"

// runKine has this process be kine, with the flags of its program.
func runKine(args []string) error { return kine.New().Run(args) }

// startKine runs kine in a process of its own, on a new database.
func (s *subject) startKine(ctx context.Context, driver string) (address string, err error) {
	database, err := s.newDatabase(ctx, driver)
	if err != nil {
		return "", err
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	host := listener.Addr().String()
	if err := listener.Close(); err != nil {
		return "", err
	}
	log, err := os.Create(filepath.Join(s.dir, "kine.log"))
	if err != nil {
		return "", err
	}
	defer log.Close()
	self, err := os.Executable()
	if err != nil {
		return "", err
	}
	command := exec.CommandContext(ctx, self, kineMode, "--endpoint", database, "--listen-address", "http://"+host, "--metrics-bind-address", "0")
	command.Stdout, command.Stderr = log, log
	if err := command.Start(); err != nil {
		return "", err
	}
	s.closers = append(s.closers, func() error {
		_ = command.Process.Kill()
		_ = command.Wait()
		return nil
	})
	for range 600 {
		connection, err := new(net.Dialer).DialContext(ctx, "tcp", host)
		if err == nil {
			return "http://" + host, connection.Close()
		}
		time.Sleep(100 * time.Millisecond)
	}
	return "", fmt.Errorf("kine does not listen: see %s", log.Name())
}

// newDatabase is an empty one, as kine calls it.
func (s *subject) newDatabase(ctx context.Context, driver string) (string, error) {
	switch driver {
	case environment.SQLite:
		// As durable as the others.
		return "sqlite://" + filepath.Join(s.dir, "kine.db") + "?_journal=WAL&_synchronous=FULL&cache=shared&_busy_timeout=30000&_txlock=immediate", nil
	case environment.PostgreSQL:
		server, err := postgrestest.Open(postgrestest.Options{Log: filepath.Join(s.dir, "postgresql.log")})
		if err != nil {
			return "", err
		}
		s.closers = append(s.closers, server.Close)
		database, err := server.CreateDatabase(ctx, "")
		return database.DSN(), err
	case environment.MySQL:
		server, err := mysqltest.Open(mysqltest.Options{Log: filepath.Join(s.dir, "mariadb.log"), Settings: []string{"innodb-buffer-pool-size=1G"}})
		if err != nil {
			return "", err
		}
		s.closers = append(s.closers, server.Close)
		database, err := server.CreateDatabase(ctx, "")
		return "mysql://" + database.DSN(), err
	}
	return "", errors.New("kine has no database " + driver)
}
