package database

import (
	"fmt"
	"os"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/util/validation"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// networked are the options of any database that is reached over a network, or by a connection
// string.
type networked struct {
	// driver is what the names of flags begin with.
	driver string
	// connectionFlags are the given flags that a connection string takes the place of: that of
	// dsnFile, or else of the environment variable.
	connectionFlags      []string
	dsnFile, dsnVariable string

	port                        int
	encryption, encryptionFlag  string
	encryptions                 []string
	connections, minConnections int
}

func (n networked) validate() []error {
	var errs []error
	dsnSource := ""
	switch {
	case n.dsnFile != "":
		dsnSource = n.flag("dsn-file")
	case os.Getenv(n.dsnVariable) != "":
		dsnSource = n.dsnVariable
	}
	if dsnSource != "" {
		for _, flag := range n.connectionFlags {
			errs = append(errs, fmt.Errorf("--%s has no effect with %s", flag, dsnSource))
		}
	}
	if n.port < 0 || n.port > 65535 {
		errs = append(errs, field.Invalid(field.NewPath(n.flag("port")), n.port, validation.InclusiveRangeError(1, 65535)))
	}
	if n.encryption != "" && !slices.Contains(n.encryptions, n.encryption) {
		errs = append(errs, field.Invalid(field.NewPath(n.flag(n.encryptionFlag)), n.encryption, "must be one of "+strings.Join(n.encryptions, ", ")))
	}
	if n.connections != 0 && n.connections < n.minConnections {
		errs = append(errs, field.Invalid(field.NewPath(n.flag("max-connections")), n.connections,
			fmt.Sprintf("must be greater than or equal to %d", n.minConnections)))
	}
	return errs
}

func (n networked) flag(name string) string { return "--" + n.driver + "-" + name }
