package record

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// Campaign says how a history came about.
type Campaign struct {
	Seed   int64    `json:"seed"`
	Driver string   `json:"driver"`
	Faults []string `json:"faults"`
	// Start is the revision before the first operation, when there was no object.
	Start int64 `json:"start"`
}

// Fault is one that was injected.
type Fault struct {
	Name string `json:"name"`
	// Detail is what its choices were.
	Detail string `json:"detail,omitempty"`
	// Injected is when it began, Removed when its cause was gone, and Healed when every server did
	// its work again.
	Injected time.Duration `json:"injected"`
	Removed  time.Duration `json:"removed"`
	Healed   time.Duration `json:"healed"`
	// Failure says why it did not heal.
	Failure string `json:"failure,omitempty"`
	// Safe is, for a fault after which another history begins, the newest revision that is left of
	// the one before. The other is served from Cut on. Loses is set if acknowledged commits may
	// have been newer.
	Safe  int64         `json:"safe,omitempty"`
	Cut   time.Duration `json:"cut,omitempty"`
	Loses bool          `json:"loses,omitempty"`
}

// History is all that was recorded. The zero value is empty. Its methods may be called
// concurrently.
type History struct {
	Campaign   Campaign
	Operations []Operation
	Watches    []Watch
	Faults     []Fault

	mu sync.Mutex
}

// AddOperation notes a request.
func (h *History) AddOperation(o Operation) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.Operations = append(h.Operations, o)
}

// AddWatch notes a watch that has ended.
func (h *History) AddWatch(w Watch) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.Watches = append(h.Watches, w)
}

// line is one of a file.
type line struct {
	Campaign  *Campaign  `json:"campaign,omitempty"`
	Fault     *Fault     `json:"fault,omitempty"`
	Operation *Operation `json:"operation,omitempty"`
	Watch     *Watch     `json:"watch,omitempty"`
}

// Save writes the history to a file.
func (h *History) Save(path string) (err error) {
	file, err := os.Create(filepath.Clean(path))
	if err != nil {
		return err
	}
	defer func() {
		if closeErr := file.Close(); err == nil {
			err = closeErr
		}
	}()
	lines := []line{{Campaign: &h.Campaign}}
	for i := range h.Faults {
		lines = append(lines, line{Fault: &h.Faults[i]})
	}
	for i := range h.Operations {
		lines = append(lines, line{Operation: &h.Operations[i]})
	}
	for i := range h.Watches {
		lines = append(lines, line{Watch: &h.Watches[i]})
	}
	buffer := bufio.NewWriter(file)
	encoder := json.NewEncoder(buffer)
	for _, l := range lines {
		if err := encoder.Encode(l); err != nil {
			return err
		}
	}
	return buffer.Flush()
}

// Load reads a file that Save wrote.
func Load(path string) (*History, error) {
	file, err := os.Open(filepath.Clean(path))
	if err != nil {
		return nil, err
	}
	defer file.Close()
	h := &History{}
	decoder := json.NewDecoder(file)
	for decoder.More() {
		var l line
		if err := decoder.Decode(&l); err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		switch {
		case l.Campaign != nil:
			h.Campaign = *l.Campaign
		case l.Fault != nil:
			h.Faults = append(h.Faults, *l.Fault)
		case l.Operation != nil:
			h.Operations = append(h.Operations, *l.Operation)
		case l.Watch != nil:
			h.Watches = append(h.Watches, *l.Watch)
		}
	}
	return h, nil
}
