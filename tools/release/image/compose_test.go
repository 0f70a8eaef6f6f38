package main

import (
	"slices"
	"testing"

	"github.com/compose-spec/compose-go/v2/cli"
)

// TestComposeFileIsOfTheImage loads examples/compose as docker compose does.
func TestComposeFileIsOfTheImage(t *testing.T) {
	options, err := cli.NewProjectOptions([]string{"../../../examples/compose/compose.yaml"}, cli.WithEnv([]string{"ARK_POSTGRESQL_PASSWORD=secret"}))
	if err != nil {
		t.Fatal(err)
	}
	project, err := options.LoadProject(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	server, database := project.Services["ark-apiserver"], project.Services["postgresql"]
	if server.Image != repository+":dev" {
		t.Errorf("the image is %s", server.Image)
	}
	if password := *server.Environment["ARK_POSTGRESQL_PASSWORD"]; password != "secret" || *database.Environment["POSTGRES_PASSWORD"] != password {
		t.Errorf("the server has %v, the database %v", server.Environment, database.Environment)
	}
	for option, variable := range map[string]string{"--postgresql-database=": "POSTGRES_DB", "--postgresql-username=": "POSTGRES_USER"} {
		if !slices.Contains(server.Command, option+*database.Environment[variable]) {
			t.Errorf("the server has %q, the database %s %s", server.Command, variable, *database.Environment[variable])
		}
	}
	// A volume belongs to whom its folder in the image belongs to.
	files, err := baseFiles()
	if err != nil {
		t.Fatal(err)
	}
	state := server.Volumes[0].Target
	if !slices.ContainsFunc(files, func(file file) bool { return "/"+file.name == state+"/" && file.owner == owner }) ||
		!slices.Contains(server.Command, "--data-dir="+state) {
		t.Errorf("the server can't write to %s", state)
	}
}
