package environment

import (
	"cmp"
	"os"

	"ark.ai/apiserver/e2e/provision"
)

// databasePod is how a database runs in a cluster with nodes.
type databasePod struct {
	server provision.DatabaseServer
	// variable is for the image; the official one, if it is not set. tools/e2e sets it.
	variable, official string
	// plaintext is the value of the chart for connections without TLS.
	plaintext string
}

// databasePods are those of the drivers that have a server.
var databasePods = map[string]databasePod{
	PostgreSQL: {provision.PostgreSQL, "ARK_POSTGRESQL_IMAGE", "postgres:18", "sslMode=disable"},
	MySQL:      {provision.MariaDB, "ARK_MARIADB_IMAGE", "mariadb:11.8", "tlsMode=disabled"},
}

func (d databasePod) image() string { return cmp.Or(os.Getenv(d.variable), d.official) }

// ShellImage is for pods that need a shell: the one of the database, or of PostgreSQL where that
// has no server.
func (e *Environment) ShellImage() string { return e.shellPod().image() }

func (e *Environment) shellPod() databasePod {
	if pod, ok := databasePods[e.Driver]; ok {
		return pod
	}
	return databasePods[PostgreSQL]
}
