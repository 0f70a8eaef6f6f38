package oracle_test

import (
	_ "embed"
	"fmt"
	"regexp"
	"slices"

	"sigs.k8s.io/yaml"

	"ark.ai/apiserver/conformance/environment"
	"ark.ai/apiserver/conformance/framework"
)

//go:embed differences.yaml
var differencesFile []byte

// known is a difference that is as it should be.
type known struct {
	ID string `json:"id"`
	// Reason is why.
	Reason string `json:"reason"`
	// Modes in which it occurs. None means all.
	Modes []string `json:"modes"`
	// Matches are the differences meant, each a set of expressions.
	Matches []struct {
		Request pattern `json:"request"`
		At      pattern `json:"at"`
		Ours    pattern `json:"ours"`
		Oracle  pattern `json:"oracle"`
		// Beside is the place of another difference in the same answer.
		Beside pattern `json:"beside"`
	} `json:"matches"`
}

// pattern is a regular expression for a whole text. None matches any text.
type pattern struct{ *regexp.Regexp }

// UnmarshalText implements encoding.TextUnmarshaler.
func (p *pattern) UnmarshalText(text []byte) (err error) {
	p.Regexp, err = regexp.Compile(`^(?s:` + string(text) + `)$`)
	return err
}

func (p pattern) matches(text string) bool { return p.Regexp == nil || p.MatchString(text) }

// knownDifferences are those of differences.yaml.
var knownDifferences = func() (list []known) {
	if err := yaml.UnmarshalStrict(differencesFile, &list); err != nil {
		panic(fmt.Errorf("differences.yaml: %w", err))
	}
	return list
}()

// inMode reports whether the difference occurs in the environment.
func (k known) inMode() bool {
	mode := framework.Env.Mode
	if framework.Env.IsAggregated() {
		mode = environment.Aggregated
	}
	return len(k.Modes) == 0 || slices.Contains(k.Modes, mode)
}

func (k known) matches(d difference) bool {
	for _, m := range k.Matches {
		if m.Request.matches(d.Request) && m.At.matches(d.At) && m.Ours.matches(d.Ours) && m.Oracle.matches(d.Oracle) &&
			(m.Beside.Regexp == nil || slices.ContainsFunc(d.Beside, m.Beside.matches)) {
			return true
		}
	}
	return false
}

// identify returns the ID of a known difference.
func identify(d difference) (string, bool) {
	for _, k := range knownDifferences {
		if k.inMode() && k.matches(d) {
			return k.ID, true
		}
	}
	return "", false
}
