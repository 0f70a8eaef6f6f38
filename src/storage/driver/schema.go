package driver

import "fmt"

// Schema is the version of a database's tables.
type Schema struct {
	// Version they have, Newest that this binary knows.
	Version, Newest int
}

// SchemaError means that a database can't be used as it is, since its tables are not those of the
// newest version that this binary knows.
type SchemaError struct{ Schema }

func (e *SchemaError) Error() string {
	if e.Version < e.Newest {
		return fmt.Sprintf("the database's schema is version %d, older than this binary's, %d: use the binary that wrote the database, or start a server of this one on it first", e.Version, e.Newest)
	}
	return fmt.Sprintf("the database's schema is version %d, but this binary knows versions up to %d: use the binary that wrote the database, or a newer one", e.Version, e.Newest)
}
