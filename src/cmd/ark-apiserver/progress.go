package main

import (
	"io"
	"os"
	"time"

	"github.com/schollz/progressbar/v3"

	"k8s.io/component-base/term"

	"ark.ai/apiserver/src/server/database"
)

// worthABar is how long something takes of which people want to know how far it is.
const worthABar = time.Second

// showProgress shows a bar on a terminal, once something has taken a while. What is not a terminal
// gets nothing.
func showProgress(out io.Writer, doing string) database.Report {
	if _, isFile := out.(*os.File); !isFile {
		return nil
	}
	if width, _, err := term.TerminalSize(out); err != nil || width == 0 {
		return nil
	}
	var begun time.Time
	var last int64
	var bar *progressbar.ProgressBar
	return func(p database.Progress) {
		if begun.IsZero() || p.Rows < last { // another part of the work begins
			begun, bar = time.Now(), nil
		}
		last = p.Rows
		if bar == nil {
			if time.Since(begun) < worthABar {
				return
			}
			bar = progressbar.NewOptions64(p.Expected,
				progressbar.OptionSetWriter(out), progressbar.OptionSetDescription(doing), progressbar.OptionShowCount(), progressbar.OptionShowIts(),
				progressbar.OptionSetItsString("rows"), progressbar.OptionSetPredictTime(true), progressbar.OptionThrottle(100*time.Millisecond),
				progressbar.OptionClearOnFinish(), progressbar.OptionFullWidth())
		}
		bar.ChangeMax64(max(p.Expected, p.Rows))
		_ = bar.Set64(p.Rows)
	}
}
