package report

import (
	"embed"
	"encoding/json"
	"errors"
	htmltemplate "html/template"
	"os"
	"path/filepath"
	texttemplate "text/template"
)

//go:embed templates
var templates embed.FS

// Write writes the report in all forms into a folder.
func (r *Report) Write(folder string) error {
	return errors.Join(
		r.writeMarkdown(filepath.Join(folder, "report.md")),
		r.writeHTML(filepath.Join(folder, "report.html")),
		r.writeJUnit(filepath.Join(folder, "report.xml")),
		r.writeJSON(filepath.Join(folder, "report.json")),
	)
}

func (r *Report) writeJSON(path string) error {
	data, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(path, append(data, '\n'), 0o644)
}

func (r *Report) writeMarkdown(path string) error {
	page, err := texttemplate.New("report.md").Funcs(texttemplate.FuncMap(words)).ParseFS(templates, "templates/report.md")
	if err != nil {
		return err
	}
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	return errors.Join(page.Execute(file, r), file.Close())
}

func (r *Report) writeHTML(path string) error {
	page, err := htmltemplate.New("report.html").Funcs(htmltemplate.FuncMap(words)).ParseFS(templates, "templates/report.html", "templates/style.css")
	if err != nil {
		return err
	}
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	return errors.Join(page.Execute(file, r), file.Close())
}
