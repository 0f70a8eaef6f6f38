package main

import (
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"ark.ai/apiserver/src/server/database"
)

// TestDocumentedFieldsOfStatus compares the fields of --output=json with those that the page names.
func TestDocumentedFieldsOfStatus(t *testing.T) {
	content, err := os.ReadFile("../../../docs/observability.md")
	if err != nil {
		t.Fatal(err)
	}
	_, section, _ := strings.Cut(string(content), "## What is in the database")
	_, section, _ = strings.Cut(section, "| field |")
	table, _, _ := strings.Cut(section, "\n\n")
	var named, ofFirst []string
	for line := range strings.SplitSeq(table, "\n") {
		for i, cell := range strings.Split(line, "|") {
			for _, word := range identifier.FindAllStringSubmatch(cell, -1) {
				named = append(named, word[1])
				if i == 1 {
					ofFirst = append(ofFirst, word[1])
				}
			}
		}
	}
	fields := fieldsOf(reflect.TypeFor[database.Status]())
	if len(fields) < 30 {
		t.Errorf("only %q were found", fields)
	}
	for _, field := range fields {
		if !slices.Contains(named, field) {
			t.Errorf("the field %s is in no row", field)
		}
	}
	for _, name := range ofFirst {
		if !slices.Contains(fields, name) {
			t.Errorf("there is no field %s", name)
		}
	}
}

var identifier = regexp.MustCompile("`([a-z][A-Za-z]*)`")

// fieldsOf are the names of fields as JSON has them, of structures within too.
func fieldsOf(of reflect.Type) []string {
	switch of.Kind() {
	case reflect.Pointer, reflect.Slice:
		return fieldsOf(of.Elem())
	case reflect.Struct:
	default:
		return nil
	}
	var names []string
	for field := range of.Fields() {
		if name, _, _ := strings.Cut(field.Tag.Get("json"), ","); name != "" {
			names = append(names, name)
		}
		if field.Type.PkgPath() != "time" {
			names = append(names, fieldsOf(field.Type)...)
		}
	}
	return names
}

// TestStatusShowsAnotherSchema: the versions are told, and that nothing more can be.
func TestStatusShowsAnotherSchema(t *testing.T) {
	options := database.NewOptions()
	options.SQLite.Path = t.TempDir() + "/ark.db"
	engine, err := options.Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := engine.Close(); err != nil {
		t.Fatal(err)
	}
	setVersion(t, options.SQLite.Path, 99)
	for _, output := range []string{"", "json"} {
		shown, err := execute(t, "status", "--sqlite-path="+options.SQLite.Path, "--output="+output)
		if err == nil || !strings.Contains(err.Error(), "version 99, but this binary knows versions up to") {
			t.Errorf("error %v", err)
		}
		if want := map[string]string{"": "version 99, the newest that this binary knows is ", "json": `"schemaVersion": 99,`}[output]; !strings.Contains(shown, want) {
			t.Errorf("it shows %s, want %s", shown, want)
		}
		if strings.Contains(strings.ToLower(shown), "revision") {
			t.Errorf("it shows what can't be read: %s", shown)
		}
	}
}

// setVersion writes the version of the schema into the header of a SQLite file
// (https://sqlite.org/fileformat2.html).
func setVersion(t *testing.T, path string, version byte) {
	t.Helper()
	file, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if _, err := file.WriteAt([]byte{0, 0, 0, version}, 60); err != nil {
		t.Fatal(err)
	}
}

// TestStatusOfReplicas: what is unknown is no zero.
func TestStatusOfReplicas(t *testing.T) {
	var out strings.Builder
	err := writeStatus(&out, database.Status{Driver: "postgresql", Content: &database.Content{Replication: database.Replication{
		Replicas: []database.Peer{
			{Name: "db-2", Address: "10.0.0.2", State: "streaming", Sync: "sync", LagBytes: new(int64(2048)), LagSeconds: new(1.5)},
			{Name: "db-3"},
		},
		Sources: []database.Peer{{Address: "10.0.0.1", State: "running", LagSeconds: new(0.0)}},
		Hidden:  []string{"GRANT it"},
	}}})
	if err != nil {
		t.Fatal(err)
	}
	_, shown, _ := strings.Cut(out.String(), "Not known:")
	shown, _, _ = strings.Cut(shown, "\nRESOURCE")
	want := `     GRANT it

REPLICA   ADDRESS    STATE       SYNC   LAG       BYTES BEHIND
db-2      10.0.0.2   streaming   sync   1.5s      2Ki
db-3      -          unknown     -      unknown   unknown

REPLICA OF   ADDRESS    STATE     SYNC   LAG   BYTES BEHIND
-            10.0.0.1   running   -      0s    unknown
`
	if shown != want {
		t.Errorf("got\n%s\nwant\n%s", shown, want)
	}
}
