// Command sbom writes the bill of materials of a Go program, from what the linker has put into it:
// a CycloneDX document in JSON. Equal programs make equal documents.
//
//	sbom -output ark-apiserver.cdx.json ark-apiserver
package main

import (
	"debug/buildinfo"
	"flag"
	"fmt"
	"os"
	"path"
	"runtime/debug"
	"strings"

	cyclonedx "github.com/CycloneDX/cyclonedx-go"

	"ark.ai/apiserver/tools/release/status"
)

const name = "ark-apiserver"

func main() {
	output := flag.String("output", "sbom.cdx.json", "the document to write")
	statusFile := flag.String("status", "", "Bazel's workspace status with the version; without it, the version is dev")
	flag.Parse()
	if err := run(*output, *statusFile, flag.Arg(0)); err != nil {
		fmt.Fprintln(os.Stderr, "sbom:", err)
		os.Exit(1)
	}
}

func run(output, statusFile, program string) error {
	status, err := status.Read(statusFile)
	if err != nil {
		return err
	}
	info, err := buildinfo.ReadFile(program)
	if err != nil {
		return fmt.Errorf("%s: %w", program, err)
	}
	if len(info.Deps) == 0 {
		return fmt.Errorf("%s does not say which modules it is made of", program)
	}
	to, err := os.Create(output)
	if err != nil {
		return err
	}
	if err := cyclonedx.NewBOMEncoder(to, cyclonedx.BOMFileFormatJSON).SetPretty(true).Encode(document(status.Version, info)); err != nil {
		return err
	}
	return to.Close()
}

func document(version string, info *buildinfo.BuildInfo) *cyclonedx.BOM {
	main := component("ark.ai/apiserver", version)
	main.Type, main.Name = cyclonedx.ComponentTypeApplication, name
	main.Licenses = &cyclonedx.Licenses{{License: &cyclonedx.License{ID: "Apache-2.0"}}}
	components := []cyclonedx.Component{component("std", strings.TrimPrefix(info.GoVersion, "go"))}
	for _, module := range info.Deps {
		components = append(components, component(actual(module).Path, actual(module).Version))
	}
	var parts []string
	for _, component := range components {
		parts = append(parts, component.BOMRef)
	}
	bom := cyclonedx.NewBOM()
	bom.Metadata = &cyclonedx.Metadata{Component: &main}
	bom.Components = &components
	bom.Dependencies = &[]cyclonedx.Dependency{{Ref: main.BOMRef, Dependencies: &parts}}
	return bom
}

// actual is what go.mod replaces a module by.
func actual(module *debug.Module) *debug.Module {
	if module.Replace != nil {
		return module.Replace
	}
	return module
}

func component(module, version string) cyclonedx.Component {
	url := "pkg:golang/" + path.Clean(module) + "@" + version
	return cyclonedx.Component{
		BOMRef: url, PackageURL: url,
		Type: cyclonedx.ComponentTypeLibrary, Name: module, Version: version,
	}
}
