package main

import (
	"strings"
	"testing"
)

const definitions = `package openapi

import (
	ours "example.com/ours"
	core "example.com/core"
)

func GetOpenAPIDefinitions(ref common.ReferenceCallback) map[string]common.OpenAPIDefinition {
	return map[string]common.OpenAPIDefinition{
		ours.Loaf{}.OpenAPIModelName():   schema_Loaf(ref),
		core.Used{}.OpenAPIModelName():   schema_Used(ref),
		core.Deeper{}.OpenAPIModelName(): schema_Deeper(ref),
		core.Time{}.OpenAPIModelName():   core.Time{}.OpenAPIDefinition(),
		core.Unused{}.OpenAPIModelName(): schema_Unused(ref),
	}
}

func schema_Loaf(ref common.ReferenceCallback) common.OpenAPIDefinition {
	return of(ref(core.Used{}.OpenAPIModelName()))
}

func schema_Used(ref common.ReferenceCallback) common.OpenAPIDefinition {
	return of(ref(core.Deeper{}.OpenAPIModelName()), ref(core.Time{}.OpenAPIModelName()), ref(core.Used{}.OpenAPIModelName()))
}

func schema_Deeper(ref common.ReferenceCallback) common.OpenAPIDefinition {
	return of()
}

func schema_Unused(ref common.ReferenceCallback) common.OpenAPIDefinition {
	return of(ref(core.Used{}.OpenAPIModelName()))
}
`

func TestPrune(t *testing.T) {
	pruned, err := prune([]byte(definitions), []string{"example.com/core"})
	if err != nil {
		t.Fatal(err)
	}
	want := strings.Replace(definitions, "		core.Unused{}.OpenAPIModelName(): schema_Unused(ref),\n", "", 1)
	want = want[:strings.Index(want, "\nfunc schema_Unused")] + "\n"
	if string(pruned) != want {
		t.Errorf("got\n%s\nwant\n%s", pruned, want)
	}
	if _, err := prune([]byte(definitions), []string{"example.com/other"}); err == nil {
		t.Error("a package that is not there is pruned")
	}
}
