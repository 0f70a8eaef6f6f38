package kubectl_test

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"testing"

	"ark.ai/apiserver/src/storage/storagetest/postgrestest"
)

var (
	// The programs under test.
	kubectlProgram, serverProgram string
	// scratch is a directory that goes with the tests.
	scratch string
)

func TestMain(m *testing.M) { os.Exit(run(m)) }

func run(m *testing.M) int {
	if err := prepare(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(scratch)
	defer killSharedServers()
	return postgrestest.Main(m)
}

func prepare() (err error) {
	flag.Parse()
	// Tests wait for other processes more than they compute.
	if parallel := flag.Lookup("test.parallel"); parallel.Value.String() == parallel.DefValue {
		if err := parallel.Value.Set("6"); err != nil {
			return err
		}
	}
	if kubectlProgram, err = findKubectl(); err != nil {
		return err
	}
	if scratch, err = os.MkdirTemp("", "kubectl-test-"); err != nil {
		return err
	}
	if serverProgram, err = findServer(); err != nil {
		return errors.Join(err, os.RemoveAll(scratch))
	}
	return nil
}
