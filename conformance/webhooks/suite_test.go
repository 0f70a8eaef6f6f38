package webhooks_test

import (
	"testing"

	"ark.ai/apiserver/conformance/framework"
)

func TestWebhooks(t *testing.T) { framework.RunSpecs(t, framework.Webhooks) }
