package main

import (
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	"testing"

	cyclonedx "github.com/CycloneDX/cyclonedx-go"
)

// The program is this test.
func TestBillHasAllThatTheProgramIsMadeOf(t *testing.T) {
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	output := filepath.Join(t.TempDir(), "sbom.cdx.json")
	if err := run(output, "", program); err != nil {
		t.Fatal(err)
	}
	file, err := os.Open(output)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	bom := cyclonedx.BOM{}
	if err := cyclonedx.NewBOMDecoder(file, cyclonedx.BOMFileFormatJSON).Decode(&bom); err != nil {
		t.Fatal(err)
	}
	info, ok := debug.ReadBuildInfo()
	if !ok || len(info.Deps) == 0 {
		t.Fatalf("the test does not know what it is made of: %v", info)
	}
	want := map[string]bool{"pkg:golang/std@" + strings.TrimPrefix(info.GoVersion, "go"): true}
	for _, module := range info.Deps {
		want["pkg:golang/"+module.Path+"@"+module.Version] = true
	}
	for _, component := range *bom.Components {
		if !want[component.PackageURL] {
			t.Errorf("%s is in the bill, or is there twice", component.PackageURL)
		}
		delete(want, component.PackageURL)
	}
	for missing := range want {
		t.Errorf("%s is not in the bill", missing)
	}
	if main := bom.Metadata.Component; main.Name != name || main.Version != "dev" {
		t.Errorf("it is of %s %s", main.Name, main.Version)
	}
}
