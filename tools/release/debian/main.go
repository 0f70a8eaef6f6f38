// Command debian writes a Debian package of ark-apiserver, with a service of systemd's. Equal
// inputs make equal packages.
//
//	debian -output ark-apiserver.deb -architecture amd64 -unit ark-apiserver.service ark-apiserver
package main

import (
	"flag"
	"fmt"
	"os"

	"ark.ai/apiserver/tools/release/status"
)

func main() {
	output := flag.String("output", "ark-apiserver.deb", "the package to write")
	architecture := flag.String("architecture", "", "what the program is for, as Go calls it")
	unit := flag.String("unit", "", "the unit for systemd")
	statusFile := flag.String("status", "", "Bazel's workspace status with the version; without it, the version is 0.0.0~dev")
	flag.Parse()
	if err := run(*output, *architecture, *unit, *statusFile, flag.Arg(0)); err != nil {
		fmt.Fprintln(os.Stderr, "debian:", err)
		os.Exit(1)
	}
}

func run(output, architecture, unit, statusFile, program string) error {
	built, err := status.Read(statusFile)
	if err != nil {
		return err
	}
	scripts, err := writeScripts()
	if err != nil {
		return err
	}
	defer scripts.remove()
	to, err := os.Create(output)
	if err != nil {
		return err
	}
	defer to.Close()
	if err := write(to, describe(built, architecture, unit, program, scripts)); err != nil {
		return err
	}
	return to.Close()
}
