package mysql

import (
	"fmt"
	"strconv"
	"strings"
)

// dialect is what MariaDB and MySQL have each for itself.
type dialect struct {
	name string
	// atLeast is the oldest version that has what is needed, SKIP LOCKED and JSON_VALUE above all.
	atLeast [3]int
	// readTimeout and noTimeout set how long a statement may take.
	readTimeout, noTimeout string
	// settings of a session that the other one does not have.
	settings string
	// location is an SQL expression for the server and the tables: it is another one after a
	// failover or when a dump was restored, and the same after a restart.
	location string
	// replicaStatus tells of what a server follows, a row for each; replicaMonitor is the privilege
	// that it takes.
	replicaStatus, replicaMonitor string
}

// created is when the table was made, in this database.
const created = `DATABASE(), (SELECT t.CREATE_TIME FROM information_schema.TABLES t WHERE t.TABLE_SCHEMA = DATABASE() AND t.TABLE_NAME = 'incarnation')`

var (
	mariaDB = dialect{
		name: "MariaDB", atLeast: [3]int{10, 6, 0},
		readTimeout: "max_statement_time = 300", noTimeout: "max_statement_time = 0",
		settings: "idle_transaction_timeout = 60",
		// Replicas of each other must have different numbers.
		location:      `SELECT CONCAT_WS('/', @@global.server_id, ` + created + `)`,
		replicaStatus: `SHOW ALL REPLICAS STATUS`, replicaMonitor: "SLAVE MONITOR",
	}
	mySQL = dialect{
		name: "MySQL", atLeast: [3]int{8, 0, 21},
		readTimeout: "max_execution_time = 300000", noTimeout: "max_execution_time = 0",
		settings:      "information_schema_stats_expiry = 0",
		location:      `SELECT CONCAT_WS('/', @@global.server_uuid, ` + created + `)`,
		replicaStatus: `SHOW REPLICA STATUS`, replicaMonitor: "REPLICATION CLIENT",
	}
)

// dialectOf is that of a server by its version, such as "10.11.6-MariaDB-log" or "8.4.0".
func dialectOf(version string) (dialect, error) {
	d := mySQL
	if strings.Contains(version, "MariaDB") {
		d = mariaDB
		// What old clients expect to be told.
		version = strings.TrimPrefix(version, "5.5.5-")
	}
	number, _, _ := strings.Cut(version, "-")
	for i, part := range strings.SplitN(number, ".", 3) {
		got, err := strconv.Atoi(part)
		if err != nil {
			return dialect{}, fmt.Errorf("version %q of the server is not understood", version)
		}
		if got > d.atLeast[i] {
			break
		}
		if got < d.atLeast[i] {
			return dialect{}, fmt.Errorf("the server is %s %s, but must be %d.%d.%d or newer", d.name, number, d.atLeast[0], d.atLeast[1], d.atLeast[2])
		}
	}
	return d, nil
}

// sql is a statement of queries.go for the dialect.
func (d dialect) sql(statement string) string {
	return strings.ReplaceAll(statement, "{location}", d.location)
}
