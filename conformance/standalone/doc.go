// Package standalone verifies the life of a server that runs without Kubernetes: how it is
// installed, started, stopped, killed, and cut off from its database.
//
// The specs start servers of their own, with the program and on the kind of database that the
// environment has. Those with the label "SQLite only" or "PostgreSQL only" are about one database.
// PostgreSQL comes from the system's packages.
package standalone
