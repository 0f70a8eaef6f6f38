package environment_test

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"ark.ai/apiserver/conformance/environment"
)

// dirVariable makes this test binary a process that runs an environment there until it is killed.
const dirVariable = "ENVIRONMENT_TEST_DIR"

func TestMain(m *testing.M) {
	if dir := os.Getenv(dirVariable); dir != "" {
		hold(dir)
	}
	os.Exit(m.Run())
}

func hold(dir string) {
	_, err := environment.Start(context.Background(), environment.Options{Mode: environment.Aggregated, Driver: environment.SQLite, Dir: dir})
	fmt.Println(err)
	select {}
}

func TestProgramsEndWithAProcessThatIsKilled(t *testing.T) {
	dir := t.TempDir()
	command := exec.CommandContext(t.Context(), os.Args[0])
	command.Env = append(os.Environ(), dirVariable+"="+dir)
	output, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	if line, err := bufio.NewReader(output).ReadString('\n'); line != "<nil>\n" {
		t.Fatalf("start: %s %v", line, err)
	}
	started := processes(t, dir)
	if len(started) != 4 {
		t.Errorf("%d processes: etcd, kube-apiserver, kube-controller-manager and ark-apiserver are 4", len(started))
	}
	if err := command.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = command.Wait()
	deadline := time.Now().Add(30 * time.Second)
	for slices.ContainsFunc(started, isRunning) {
		if time.Now().After(deadline) {
			t.Fatalf("some of %d go on", started)
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// processes are the IDs of an environment's programs.
func processes(t *testing.T, dir string) []int {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "processes", "*.pid"))
	if err != nil {
		t.Fatal(err)
	}
	var pids []int
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		pid, err := strconv.Atoi(strings.TrimSpace(string(text)))
		if err != nil {
			t.Fatal(err)
		}
		pids = append(pids, pid)
	}
	return pids
}
