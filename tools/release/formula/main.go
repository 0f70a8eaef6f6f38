// Command formula writes a formula for Homebrew that installs what is in the folder of a release.
//
//	formula -output ark-apiserver.rb -url https://example.com/releases/v1.2.3 -status status FOLDER
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"text/template"

	"ark.ai/apiserver/tools/release/status"
)

func main() {
	output := flag.String("output", "ark-apiserver.rb", "the formula to write")
	url := flag.String("url", "", "where the files of the release are to be had")
	statusFile := flag.String("status", "", "what tools/workspace-status says of the commit")
	flag.Parse()
	if err := run(*output, *url, *statusFile, flag.Arg(0)); err != nil {
		fmt.Fprintln(os.Stderr, "formula:", err)
		os.Exit(1)
	}
}

func run(output, url, statusFile, folder string) error {
	if url == "" || statusFile == "" || folder == "" {
		return errors.New("there has to be a folder, -url and -status")
	}
	built, err := status.Read(statusFile)
	if err != nil {
		return err
	}
	sums, err := os.ReadFile(filepath.Join(folder, "SHA256SUMS"))
	if err != nil {
		return err
	}
	to, err := os.Create(output)
	if err != nil {
		return err
	}
	defer to.Close()
	if err := write(to, strings.TrimPrefix(built.Version, "v"), strings.TrimSuffix(url, "/"), string(sums)); err != nil {
		return err
	}
	return to.Close()
}

// write writes the formula. Sums are as sha256sum writes them.
func write(to io.Writer, version, url, sums string) error {
	known := map[string]string{}
	for line := range strings.Lines(sums) {
		sum, name, _ := strings.Cut(strings.TrimSpace(line), "  ")
		known[name] = sum
	}
	parsed, err := template.New("").Funcs(template.FuncMap{"download": func(platform string) (string, error) {
		name := "ark-apiserver_" + platform
		if known[name] == "" {
			return "", fmt.Errorf("SHA256SUMS does not name %s", name)
		}
		return fmt.Sprintf("url %q\n      sha256 %q", url+"/"+name, known[name]), nil
	}}).Parse(formula)
	if err != nil {
		return err
	}
	return parsed.Execute(to, map[string]string{"Version": version})
}

const formula = `class ArkApiserver < Formula
  desc "Kubernetes API server for Ark resources on SQLite, PostgreSQL or MySQL"
  homepage "https://ark.ai/apiserver"
  version "{{.Version}}"
  license "Apache-2.0"

  on_macos do
    depends_on arch: :arm64
    on_arm do
      {{download "darwin_arm64"}}
    end
  end

  on_linux do
    on_arm do
      {{download "linux_arm64"}}
    end
    on_intel do
      {{download "linux_amd64"}}
    end
  end

  def install
    bin.install Dir["ark-apiserver_*"].first => "ark-apiserver"
    chmod 0755, bin/"ark-apiserver"
    generate_completions_from_executable(bin/"ark-apiserver", "completion")
  end

  service do
    run [opt_bin/"ark-apiserver", "--data-dir=#{var}/ark-apiserver"]
    keep_alive true
    log_path var/"log/ark-apiserver.log"
    error_log_path var/"log/ark-apiserver.log"
  end

  test do
    assert_match version.to_s, shell_output("#{bin}/ark-apiserver --version")
  end
end
`
