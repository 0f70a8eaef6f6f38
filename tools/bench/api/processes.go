package main

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// clockTick is the unit of times in /proc, which Linux has everywhere.
const clockTick = time.Second / 100

// process is a line of /proc.
type process struct {
	pid, parent int
	// cpu includes that of children that have ended.
	cpu time.Duration
}

// processes are all that run.
func processes() (map[int]process, error) {
	entries, err := os.ReadDir("/proc")
	if err != nil {
		return nil, err
	}
	all := make(map[int]process)
	for _, entry := range entries {
		pid, err := strconv.Atoi(entry.Name())
		if err != nil {
			continue
		}
		stat, err := os.ReadFile(filepath.Join("/proc", entry.Name(), "stat"))
		if err != nil {
			continue // it has ended
		}
		// The name, in parentheses, may have anything in it.
		fields := bytes.Fields(stat[bytes.LastIndexByte(stat, ')')+1:])
		p := process{pid: pid}
		if p.parent, err = strconv.Atoi(string(fields[1])); err != nil {
			return nil, err
		}
		for _, field := range fields[11:15] {
			ticks, err := strconv.Atoi(string(field))
			if err != nil {
				return nil, err
			}
			p.cpu += time.Duration(ticks) * clockTick
		}
		all[pid] = p
	}
	return all, nil
}

// children of this process.
func children() (map[int]bool, error) {
	all, err := processes()
	if err != nil {
		return nil, err
	}
	own := make(map[int]bool)
	for pid, p := range all {
		if p.parent == os.Getpid() {
			own[pid] = true
		}
	}
	return own, nil
}

// below are processes and what descends from them.
func below(roots map[int]bool) ([]process, error) {
	all, err := processes()
	if err != nil {
		return nil, err
	}
	var found []process
	for pid, p := range all {
		for at := pid; at > 1; at = all[at].parent {
			if roots[at] {
				found = append(found, p)
				break
			}
		}
	}
	return found, nil
}

func cpuOf(roots map[int]bool) (time.Duration, error) {
	found, err := below(roots)
	var total time.Duration
	for _, p := range found {
		total += p.cpu
	}
	return total, err
}

// ownCPU is that of this process alone.
func ownCPU() (time.Duration, error) {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		return 0, err
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano()), nil
}

// residentMiB is the memory of processes, what they share counted in part for each.
func residentMiB(roots map[int]bool) (float64, error) {
	found, err := below(roots)
	if err != nil {
		return 0, err
	}
	var kib int
	for _, p := range found {
		rollup, err := os.ReadFile(fmt.Sprintf("/proc/%d/smaps_rollup", p.pid))
		if err != nil {
			continue // it has ended
		}
		for line := range strings.Lines(string(rollup)) {
			if text, ok := strings.CutPrefix(line, "Pss:"); ok {
				value, err := strconv.Atoi(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(text), "kB")))
				if err != nil {
					return 0, err
				}
				kib += value
			}
		}
	}
	return float64(kib) / 1024, nil
}

// diskMiB is what the files below a folder take.
func diskMiB(dir string) (float64, error) {
	var blocks int64
	err := filepath.WalkDir(dir, func(_ string, entry fs.DirEntry, err error) error {
		if err != nil {
			return nil // it has been removed
		}
		info, err := entry.Info()
		if err != nil {
			return nil
		}
		if stat, ok := info.Sys().(*syscall.Stat_t); ok {
			blocks += stat.Blocks
		}
		return nil
	})
	return float64(blocks) * 512 / (1 << 20), err
}

// meter measures what happens between two moments.
type meter struct {
	subject     *subject
	began       time.Time
	server, own time.Duration
}

func (s *subject) meter() (*meter, error) {
	server, err := cpuOf(s.processes)
	if err != nil {
		return nil, err
	}
	own, err := ownCPU()
	return &meter{s, time.Now(), server, own}, err
}

// read sets what a result does not have yet.
func (m *meter) read(r *result) error {
	seconds := time.Since(m.began)
	server, err := cpuOf(m.subject.processes)
	if err != nil {
		return err
	}
	own, err := ownCPU()
	if err != nil {
		return err
	}
	if r.Seconds == 0 {
		r.Seconds = seconds.Seconds()
	}
	if r.ServerCPU == 0 {
		r.ServerCPU = (server - m.server).Seconds()
	}
	if r.ClientCPU == 0 {
		r.ClientCPU = (own - m.own).Seconds()
	}
	return nil
}
