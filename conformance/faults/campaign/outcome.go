package campaign

import (
	"context"
	"errors"
	"strings"
	"syscall"

	"ark.ai/apiserver/conformance/faults/record"
)

// maxText is how much of a message is recorded, in bytes.
const maxText = 200

// judge notes in an operation what its answer means.
func judge(o *record.Operation, a answer) {
	o.Code = a.code
	switch {
	case a.err == nil:
		o.Outcome = record.Done
		return
	case errors.Is(a.err, syscall.ECONNREFUSED):
		o.Outcome = record.Refused // nobody was there to do it
	case a.code >= 400 && a.code < 500:
		o.Outcome = record.Refused
	default:
		o.Outcome = record.Unknown
	}
	o.Text = textOf(a.err)
	if a.Message != "" {
		o.Text = a.Message
	}
}

// textOf is one line.
func textOf(err error) string {
	text := strings.Join(strings.Fields(err.Error()), " ")
	if errors.Is(err, context.DeadlineExceeded) {
		text = "no answer in time"
	}
	return text[:min(len(text), maxText)]
}
