// Package webhooks verifies that admission fires for the Ark kinds: mutating and validating
// webhooks, which run in the suite's own process, and mutating and validating admission policies.
//
// Every spec has its own namespace, and its configurations select that namespace only, so that
// specs may run side by side. A configuration takes effect moments after it was written: specs ask
// every server that decides about admission, with dry-run requests, until it does.
package webhooks
