package postgrestest

import (
	"bytes"
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// Dump is the database as SQL that Restore runs.
func (d Database) Dump() ([]byte, error) {
	return d.pipe(nil, "pg_dump", "--clean", "--if-exists")
}

// Restore replaces what the database has by a dump, in one transaction, whoever else uses it. It
// returns what a query of one value answers at the end of that.
func (d Database) Restore(dump []byte, query string) (value string, err error) {
	output, err := d.pipe(slices.Concat(dump, []byte("\n"+query+";\n")), "psql", "--no-psqlrc", "--quiet", "--tuples-only", "--no-align",
		"--single-transaction", "--set=ON_ERROR_STOP=1")
	if err != nil {
		return "", err
	}
	lines := strings.Fields(string(output))
	return lines[len(lines)-1], nil
}

// pipe runs a program of PostgreSQL on the database.
func (d Database) pipe(input []byte, program string, args ...string) ([]byte, error) {
	args = append(args, "--host="+d.server.Dir, "--port="+strconv.Itoa(d.server.Port), "--username="+Username, "--dbname="+d.Name)
	cmd, err := account.Command(d.server.Dir, filepath.Join(d.server.programs, program), args...)
	if err != nil {
		return nil, err
	}
	var output, problems bytes.Buffer
	cmd.Stdin, cmd.Stdout, cmd.Stderr = bytes.NewReader(input), &output, &problems
	if err := cmd.Run(); err != nil {
		return nil, fmt.Errorf("%s: %w\n%s", program, err, problems.Bytes())
	}
	return output.Bytes(), nil
}
