package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"time"

	"ark.ai/apiserver/src/server/database"
)

// sayEvery is how often a log is told how far something is.
const sayEvery = 10 * time.Second

// events writes what a command says as JSON, an object for each line, for who collects logs.
type events struct{ out io.Writer }

type event struct {
	Time    time.Time `json:"time"`
	Message string    `json:"message"`
	// Objects is how many are done, of so many.
	Objects int64 `json:"objects,omitempty"`
	Of      int64 `json:"of,omitempty"`
}

func (e events) Write(text []byte) (int, error) {
	for line := range bytes.Lines(text) {
		if err := e.write(event{Message: string(bytes.TrimSuffix(line, []byte("\n")))}); err != nil {
			return 0, err
		}
	}
	return len(text), nil
}

func (e events) write(what event) error {
	what.Time = time.Now()
	return json.NewEncoder(e.out).Encode(what)
}

// sayProgress tells a log how far something is.
func sayProgress(out io.Writer, doing string, every time.Duration) database.Report {
	said := time.Now()
	return func(p database.Progress) {
		if time.Since(said) < every {
			return
		}
		said = time.Now()
		if e, ok := out.(events); ok {
			_ = e.write(event{Message: doing, Objects: p.Rows, Of: p.Expected})
			return
		}
		fmt.Fprintf(out, "%s: %d of %d objects.\n", doing, p.Rows, p.Expected)
	}
}
