package main

import (
	"bytes"
	"crypto/sha256"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

const (
	unit       = "../../../examples/systemd/ark-apiserver.service"
	statusText = "STABLE_ARK_VERSION v1.2.3-rc.1\nSTABLE_ARK_REVISION 0123456789abcdef\nSTABLE_ARK_DATE 2026-01-02T03:04:05Z\n"
)

// command runs a program, and returns what it says.
func command(t *testing.T, name string, args ...string) string {
	t.Helper()
	output, err := exec.CommandContext(t.Context(), name, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s %q: %v\n%s", name, args, err, output)
	}
	return string(output)
}

// newPackage writes a package of a program, in the version v1.2.3-rc.1.
func newPackage(t *testing.T, program string) string {
	t.Helper()
	dir := t.TempDir()
	status, path := filepath.Join(dir, "status"), filepath.Join(dir, "ark-apiserver.deb")
	if err := os.WriteFile(status, []byte(statusText), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := run(path, "amd64", unit, status, program); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestPackage(t *testing.T) {
	program := filepath.Join(t.TempDir(), "ark-apiserver")
	if err := os.WriteFile(program, []byte("the program"), 0o755); err != nil {
		t.Fatal(err)
	}
	path := newPackage(t, program)
	// A candidate comes before the release.
	for field, want := range map[string]string{"Package": "ark-apiserver", "Version": "1.2.3~rc.1", "Architecture": "amd64"} {
		if got := strings.TrimSpace(command(t, "dpkg-deb", "--field", path, field)); got != want {
			t.Errorf("%s is %q, not %s", field, got, want)
		}
	}
	contents := command(t, "dpkg-deb", "--contents", path)
	for _, want := range []string{
		"-rwxr-xr-x root/root        11 2026-01-02 03:04 ./usr/bin/ark-apiserver",
		"./usr/lib/systemd/system/ark-apiserver.service",
		"./etc/default/ark-apiserver",
	} {
		if !strings.Contains(contents, want) {
			t.Errorf("%s is not in\n%s", want, contents)
		}
	}
	control := t.TempDir()
	command(t, "dpkg-deb", "--control", path, control)
	for _, script := range []string{"postinst", "prerm"} {
		command(t, "sh", "-n", filepath.Join(control, script))
	}
	if files, err := os.ReadFile(filepath.Join(control, "conffiles")); err != nil || string(files) != "/etc/default/ark-apiserver\n" {
		t.Errorf("an upgrade keeps %q, error %v", files, err)
	}
	if sum(t, path) != sum(t, newPackage(t, program)) {
		t.Error("equal inputs make packages that differ")
	}
}

func sum(t *testing.T, path string) [sha256.Size]byte {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return sha256.Sum256(content)
}

// TestService starts the server of a package as the unit does.
func TestService(t *testing.T) {
	program := filepath.Join(t.TempDir(), "ark-apiserver")
	command(t, "go", "-C", "../../..", "build", "-ldflags=-s -w", "-o", program, "./src/cmd/ark-apiserver")
	root := t.TempDir()
	command(t, "dpkg-deb", "--extract", newPackage(t, program), root)
	installed := filepath.Join(root, "usr/bin/ark-apiserver")
	if version := command(t, installed, "--version"); !strings.HasPrefix(version, "ark-apiserver ") {
		t.Errorf("it says %q", version)
	}

	text, err := os.ReadFile(filepath.Join(root, "usr/lib/systemd/system/ark-apiserver.service"))
	if err != nil {
		t.Fatal(err)
	}
	service := filepath.Join(t.TempDir(), "ark-apiserver.service")
	if err := os.WriteFile(service, bytes.ReplaceAll(text, []byte("/usr/bin/ark-apiserver"), []byte(installed)), 0o600); err != nil {
		t.Fatal(err)
	}
	if warnings := command(t, "systemd-analyze", "verify", service); warnings != "" {
		t.Errorf("systemd warns:\n%s", warnings)
	}
	// In tenths: up to 2 is what systemd calls OK, and most services are above 9.
	command(t, "systemd-analyze", "security", "--offline=true", "--threshold=15", "--no-pager", service)

	checkStart(t, installed, execStart(t, string(text)))
}

// execStart are the arguments of the unit's command.
func execStart(t *testing.T, unit string) []string {
	t.Helper()
	_, line, found := strings.Cut(unit, "\nExecStart=/usr/bin/ark-apiserver ")
	line, _, _ = strings.Cut(line, "\n")
	if !found || !strings.Contains(unit, "\nType=notify\n") || !strings.Contains(unit, "\nStateDirectory=ark-apiserver\n") {
		t.Fatalf("the unit is\n%s", unit)
	}
	variables := map[string]string{"STATE_DIRECTORY": t.TempDir(), "ARK_APISERVER_FLAGS": "--secure-port=0"}
	return strings.Fields(os.Expand(line, func(name string) string { return variables[name] }))
}

// checkStart awaits that the server tells systemd that it is ready, and stops it.
func checkStart(t *testing.T, program string, args []string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "notify")
	socket, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: path, Net: "unixgram"})
	if err != nil {
		t.Fatal(err)
	}
	defer socket.Close()
	server := exec.CommandContext(t.Context(), program, args...)
	server.Env = append(os.Environ(), "NOTIFY_SOCKET="+path)
	var said bytes.Buffer
	server.Stdout, server.Stderr = &said, &said
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() {
		ended <- server.Wait()
		socket.Close()
	}()
	message := make([]byte, 100)
	length, err := socket.Read(message)
	if err != nil || string(message[:length]) != "READY=1\n" {
		t.Errorf("it tells %q, error %v", message[:length], err)
	}
	if err := server.Process.Signal(syscall.SIGTERM); err != nil {
		t.Error(err)
	}
	if err := <-ended; err != nil {
		t.Errorf("it ended with %v\n%s", err, said.String())
	}
}
