package controllers_test

import (
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"ark.ai/apiserver/conformance/framework"
)

// patience is for things that happen in other processes. It says nothing about how long they should
// take.
const patience = 3 * time.Minute

// programs is a directory that goes with the suite.
var programs string

func TestControllers(t *testing.T) {
	programs = t.TempDir()
	SetDefaultEventuallyTimeout(patience)
	SetDefaultEventuallyPollingInterval(50 * time.Millisecond)
	framework.RunSpecs(t, framework.Controllers)
}
