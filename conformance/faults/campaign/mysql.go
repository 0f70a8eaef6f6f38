package campaign

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strconv"
	"syscall"

	"ark.ai/apiserver/src/storage/storagetest/mysqltest"
)

// mysql is a database in MariaDB.
type mysql struct {
	*mysqltest.Server
	database mysqltest.Database
}

func openMySQL(ctx context.Context, dir, parent string) (*mysql, error) {
	server, err := mysqltest.Open(mysqltest.Options{Log: filepath.Join(dir, "mariadb.log"), Parent: parent})
	if err != nil {
		return nil, err
	}
	database, err := server.CreateDatabase(ctx, "")
	if err != nil {
		return nil, errors.Join(err, server.Close())
	}
	return &mysql{server, database}, nil
}

func (m *mysql) address() string { return fmt.Sprintf("%s:%d", m.Host, m.Port) }

func (m *mysql) flags(through *proxy) []string {
	return []string{
		"--storage-driver=mysql", "--mysql-host=127.0.0.1", "--mysql-port=" + strconv.Itoa(through.port()),
		"--mysql-database=" + m.database.Name, "--mysql-username=" + m.database.Username,
	}
}

func (m *mysql) variables() []string { return []string{"ARK_MYSQL_PASSWORD=" + m.database.Password} }

func (m *mysql) shutDown() error { return m.End(syscall.SIGTERM) }

func (m *mysql) disconnect(ctx context.Context) error {
	return m.Exec(ctx, "KILL USER "+m.database.Username)
}
