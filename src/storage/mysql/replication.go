package mysql

import (
	"context"
	"database/sql"
	"fmt"
	"net"
	"slices"
	"strconv"
	"strings"

	"ark.ai/apiserver/src/storage/driver"
)

// Replication implements driver.Backend. Only a replica knows how far it is behind.
func (b *Backend) Replication(ctx context.Context) (found driver.Replication, err error) {
	err = b.retry(ctx, func() (err error) {
		found, err = b.replication(ctx)
		return err
	})
	return found, translate("look for replicas", err)
}

func (b *Backend) replication(ctx context.Context) (found driver.Replication, err error) {
	counted, err := pairs(ctx, b.reader, sqlCountsReplicas)
	if err != nil {
		return found, err
	}
	if connected := counted["Slaves_connected"]; connected != "0" {
		if err := b.findReplicas(ctx, &found, connected); err != nil {
			return found, err
		}
	}
	return found, b.findSources(ctx, &found, counted["Slaves_running"] == "0")
}

// findReplicas looks for those that are connected, how many there are being known or "".
func (b *Backend) findReplicas(ctx context.Context, found *driver.Replication, connected string) error {
	switch _, err := b.reader.ExecContext(ctx, sqlSeesProcesses); {
	case codeOf(err) == privilegeMissing:
		what := "replicas are"
		if connected != "" {
			what = fmt.Sprintf("replicas are connected (%s), and", connected)
		}
		return b.hide(ctx, found, what, "PROCESS")
	case err != nil:
		return err
	}
	rows, err := b.reader.QueryContext(ctx, sqlReplicas)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var replica driver.Peer
		if err := rows.Scan(&replica.Name, &replica.Address, &replica.State); err != nil {
			return err
		}
		if host, _, err := net.SplitHostPort(replica.Address); err == nil {
			replica.Address = host
		}
		found.Replicas = append(found.Replicas, replica)
	}
	if len(found.Replicas) > 0 {
		found.Hidden = append(found.Hidden, fmt.Sprintf("%s does not report how far replicas are behind: ask each of them", b.dialect.name))
	}
	return rows.Err()
}

// hide says what the server does not tell this user.
func (b *Backend) hide(ctx context.Context, found *driver.Replication, what, privilege string) error {
	var account string
	if err := b.reader.QueryRowContext(ctx, "SELECT CURRENT_USER()").Scan(&account); err != nil {
		return err
	}
	at := strings.LastIndexByte(account, '@')
	found.Hidden = append(found.Hidden, fmt.Sprintf("%s not shown to user %q: GRANT %s ON *.* TO '%s'@'%s'", what, account, privilege, account[:at], account[at+1:]))
	return nil
}

// findSources asks what the server follows. idle means that it applies nothing of anybody's.
func (b *Backend) findSources(ctx context.Context, found *driver.Replication, idle bool) error {
	rows, err := b.reader.QueryContext(ctx, b.dialect.replicaStatus)
	switch codeOf(err) {
	case 0:
	case privilegeMissing:
		return b.hideSources(ctx, found, idle)
	case syntaxError: // of an older one
		found.Hidden = append(found.Hidden, "the server does not report whether it is a replica: its version is too old")
		return nil
	}
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		status, err := columns(rows)
		if err != nil {
			return err
		}
		found.Sources = append(found.Sources, status.source())
	}
	return rows.Err()
}

// hideSources says that it is not shown, unless a server that takes writes follows nobody.
func (b *Backend) hideSources(ctx context.Context, found *driver.Replication, idle bool) error {
	var readOnly bool
	if err := b.reader.QueryRowContext(ctx, "SELECT "+sqlReadOnly).Scan(&readOnly); err != nil {
		return err
	}
	if !readOnly && idle {
		return nil
	}
	return b.hide(ctx, found, "whether the server is a replica, and how far it is behind, is", b.dialect.replicaMonitor)
}

// replicaStatus is a row of what a replica says of itself, by the names of its columns.
type replicaStatus map[string]sql.NullString

func columns(rows *sql.Rows) (replicaStatus, error) {
	names, err := rows.Columns()
	if err != nil {
		return nil, err
	}
	values, places := make([]sql.NullString, len(names)), make([]any, len(names))
	for i := range values {
		places[i] = &values[i]
	}
	if err := rows.Scan(places...); err != nil {
		return nil, err
	}
	status := make(replicaStatus, len(names))
	for i, name := range names {
		status[name] = values[i]
	}
	return status, nil
}

// first is the value of the first of the columns that there is: MySQL has renamed them.
func (s replicaStatus) first(names ...string) sql.NullString {
	i := slices.IndexFunc(names, func(name string) bool { _, there := s[name]; return there })
	if i < 0 {
		return sql.NullString{}
	}
	return s[names[i]]
}

func (s replicaStatus) source() driver.Peer {
	source := driver.Peer{
		Name:    s.first("Connection_name", "Channel_Name").String,
		Address: s.first("Master_Host", "Source_Host").String,
		State:   s.state(),
	}
	if seconds, err := strconv.ParseFloat(s.first("Seconds_Behind_Master", "Seconds_Behind_Source").String, 64); err == nil {
		source.LagSeconds = &seconds
	}
	return source
}

// state is in one word, or says by its number what error the replica stands still for: what it says
// of an error can have statements in it.
func (s replicaStatus) state() string {
	receives, applies := s.first("Slave_IO_Running", "Replica_IO_Running").String, s.first("Slave_SQL_Running", "Replica_SQL_Running").String
	state, number := "running", ""
	switch {
	case applies != "Yes":
		state, number = "not applying", s["Last_SQL_Errno"].String
	case receives == "No":
		state, number = "not receiving", s["Last_IO_Errno"].String
	case receives != "Yes":
		state, number = "connecting", s["Last_IO_Errno"].String
	}
	if number != "" && number != "0" {
		state += ", error " + number
	}
	return state
}
