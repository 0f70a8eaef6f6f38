// Command ark-apiserver serves the Ark API: without a subcommand as a standalone API server that
// needs nothing but a directory.
package main

import (
	"fmt"
	"os"
	"strings"

	genericapiserver "k8s.io/apiserver/pkg/server"
	"k8s.io/component-base/logs"
)

func main() {
	os.Exit(run())
}

func run() int {
	defer logs.FlushLogs()
	// The first signal ends the context, and with it the server in its own time; the second one the
	// process.
	ctx := genericapiserver.SetupSignalContext()
	if err := newCommand().ExecuteContext(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "ark-apiserver:", oneLine(err))
		return 1
	}
	return 0
}

// oneLine joins the messages of several errors.
func oneLine(err error) string {
	return strings.Join(strings.FieldsFunc(err.Error(), func(r rune) bool { return r == '\n' }), "; ")
}
