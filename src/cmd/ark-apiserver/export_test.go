package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"sigs.k8s.io/yaml"

	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	apiequality "k8s.io/apimachinery/pkg/api/equality"

	"ark.ai/apiserver/src/crds"
	"ark.ai/apiserver/src/registry"
)

// What is printed is what package crds defines, of which the conformance suites show that
// kube-apiserver takes it.
func TestCRDs(t *testing.T) {
	printed, err := execute(t, "crds")
	if err != nil {
		t.Fatal(err)
	}
	group := registry.GroupVersions()[0].Group
	definitions, err := crds.Definitions(group)
	if err != nil {
		t.Fatal(err)
	}
	written := map[string]*apiextensionsv1.CustomResourceDefinition{}
	for manifest := range strings.SplitSeq(strings.TrimPrefix(printed, "---\n"), "\n---\n") {
		definition := &apiextensionsv1.CustomResourceDefinition{}
		if err := yaml.UnmarshalStrict([]byte(manifest), definition); err != nil {
			t.Fatal(err)
		}
		if strings.Contains(manifest, "\nstatus:") {
			t.Errorf("%s has a status", definition.Name)
		}
		written[definition.Name] = definition
	}
	if len(written) != len(definitions) {
		t.Errorf("%d definitions are printed, want %d", len(written), len(definitions))
	}
	for _, definition := range definitions {
		if !apiequality.Semantic.DeepEqual(written[definition.Name], definition) {
			t.Errorf("%s is not printed as it is", definition.Name)
		}
	}

	folder := filepath.Join(t.TempDir(), "new", "folder")
	if _, err := execute(t, "crds", "--output-dir", folder); err != nil {
		t.Fatal(err)
	}
	agents, err := os.ReadFile(filepath.Join(folder, "ark.ai_agents.yaml"))
	if err != nil || !strings.Contains(printed, string(agents)) {
		t.Errorf("the file of agents is not what is printed of them: %v", err)
	}
}

// Of JSON Schemas, whose content the registry's tests compare with what it does, there is one for
// each kind in each version.
func TestSchemas(t *testing.T) {
	printed, err := execute(t, "schemas")
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	if _, err := execute(t, "schemas", "--output-dir="+folder); err != nil {
		t.Fatal(err)
	}
	all, err := os.ReadFile(filepath.Join(folder, "all.json"))
	if err != nil || printed != string(all) {
		t.Errorf("what is printed is not all.json: %v", err)
	}
	files, err := filepath.Glob(filepath.Join(folder, "ark.ai", "*_*.json"))
	if err != nil {
		t.Fatal(err)
	}
	served := 0
	for _, kind := range registry.Describe() {
		served += len(kind.Versions)
	}
	if len(files) != served {
		t.Errorf("there are %d files, want %d", len(files), served)
	}
	for _, file := range append(files, filepath.Join(folder, "all.json")) {
		content, err := os.ReadFile(file)
		if err != nil || !json.Valid(content) {
			t.Errorf("%s is no JSON: %v", file, err)
		}
		if bytes.Contains(content, []byte(`"$ref": "http`)) || bytes.Contains(content, []byte(`.json#`)) {
			t.Errorf("%s is not complete in itself", file)
		}
	}
}
