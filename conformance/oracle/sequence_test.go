package oracle_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
)

// sequence makes up requests. They concern a few objects of a few kinds, so that they get in each
// other's way. It leaves out what is known to differ in its effects, such as updates without a
// version: the two sides would go different ways. So it does with lists of any age, which may
// differ each time.
type sequence struct {
	*rand.Rand
	steps []step
}

var (
	sequencePlurals  = []string{"memories", "queries", "teams"}
	sequenceNames    = []string{"a", "b"}
	sequenceManagers = []string{"one", "two"}
	sequenceLabels   = []string{`{"x":"1"}`, `{"x":"2"}`, `{"x":"1","y":"1"}`, `{"x":null}`}
)

// specs are valid and invalid ones of each kind. The first is the one that most requests have.
var sequenceSpecs = map[string][]string{
	"memories": {
		`{"address":{"value":"v"}}`, `{"address":{"value":"w"}}`, `{"address":{"value":"v"},"headers":[{"name":"h","value":{"value":"v"}}]}`,
		`{"address":{"valueFrom":{"secretKeyRef":{"name":"s","key":"k"}}}}`, `{}`, `{"address":{"value":"v"},"headers":[{"name":"h"}]}`,
	},
	"queries": {
		`{"input":"i","target":{"type":"agent","name":"a"}}`, `{"input":{"a":1},"type":"messages","target":{"type":"team","name":"t"},"sessionId":"s"}`,
		`{"input":"i","selector":{"matchLabels":{"a":"b"}},"ttl":"1h","parameters":[{"name":"p","value":"v"}]}`,
		`{"input":"i"}`, `{"input":"i","target":{"type":"agent","name":"a"},"parameters":[{"name":"p"}]}`,
	},
	"teams": {
		`{"strategy":"sequential","members":[{"type":"agent","name":"m"}]}`, `{"strategy":"round-robin","members":[],"maxTurns":3}`,
		`{"strategy":"graph","members":[{"type":"agent","name":"m"},{"type":"team","name":"n"}],"graph":{"edges":[{"from":"m","to":"n"}]}}`,
		`{"strategy":"graph","members":[{"type":"agent","name":"m"}]}`, `{"strategy":"none","members":[]}`,
	},
}

var sequenceStatuses = map[string][]string{
	"memories": {`{"phase":"ready"}`, `{"phase":"error","message":"m"}`, `{"phase":"lost"}`},
	"queries":  {`{"phase":"running"}`, `{"phase":"done","duration":"1s"}`, `{"phase":"lost"}`},
	"teams":    {`{"conditions":[{"type":"A","status":"True","reason":"R","message":"m","lastTransitionTime":"2026-01-01T00:00:00Z"}]}`, `{"conditions":[{"type":"A"}]}`},
}

// newSequence makes up a number of steps, with watches around them.
func newSequence(seed uint64, number, length int) []step {
	s := &sequence{Rand: rand.New(rand.NewPCG(seed, uint64(number)))}
	for range length {
		s.steps = append(s.steps, s.step())
	}
	return s.steps
}

// watched puts watches around steps, and brings all objects to an end.
func watched(steps []step) []step {
	var all []step
	for _, plural := range sequencePlurals {
		all = append(all, step{Send: "GET " + plural, As: "start"},
			step{Watch: plural + "?watch=1&resourceVersion=$(start.resourceVersion)", As: plural},
			step{Watch: plural + "?watch=1&resourceVersion=$(start.resourceVersion)&labelSelector=x%3D1", As: "x-" + plural})
	}
	all = append(all, steps...)
	for _, plural := range sequencePlurals {
		all = append(all, step{Send: "GET " + plural})
		for _, name := range sequenceNames {
			all = append(all, step{Send: "MERGE " + plural + "/" + name, Body: json.RawMessage(`{"metadata":{"finalizers":null}}`)})
		}
		all = append(all, step{Send: "POST " + plural, Body: body("last", `{"x":"1"}`, "", sequenceSpecs[plural][0])},
			step{Read: plural, Until: "last"}, step{Read: "x-" + plural, Until: "last"})
	}
	return all
}

// step makes up one.
func (s *sequence) step() step {
	plural, name := pick(s, sequencePlurals), pick(s, sequenceNames)
	path := plural + "/" + name
	object := plural + "-" + name
	spec, labels := s.mostly(sequenceSpecs[plural]), pick(s, sequenceLabels)
	switch s.IntN(20) {
	case 0, 1, 2, 3, 4:
		return step{Send: "POST " + plural + s.dryRun("?"), Body: body(name, labels, "", spec), As: object}
	case 5, 6:
		return step{Send: "PUT " + path + s.dryRun("?"), Body: body(name, labels, "$("+object+".resourceVersion)", spec), As: pick(s, []string{object, ""})}
	case 7, 8:
		return step{Send: "MERGE " + path + s.dryRun("?"), Body: json.RawMessage(`{"spec":` + spec + `}`), As: object}
	case 9:
		return step{Send: "MERGE " + path, Body: json.RawMessage(`{"metadata":{"labels":` + labels + `}}`), As: object}
	case 10:
		return step{Send: "MERGE " + path, Body: json.RawMessage(`{"metadata":{"finalizers":` + pick(s, []string{`["x.example/y"]`, `null`, `["x.example/y","x.example/z"]`}) + `}}`), As: object}
	case 11, 12:
		return step{Send: "MERGE " + path + "/status" + s.dryRun("?"), Body: json.RawMessage(`{"status":` + pick(s, sequenceStatuses[plural]) + `}`), As: object}
	case 13:
		return step{Send: "JSON " + path, Body: json.RawMessage(`[{"op":"test","path":"/metadata/labels/x","value":"1"},{"op":"replace","path":"/metadata/labels/x","value":"2"}]`), As: object}
	case 14, 15:
		return step{Send: fmt.Sprintf("APPLY %s?fieldManager=%s&force=%t%s", path, pick(s, sequenceManagers), s.IntN(2) == 0, s.dryRun("&")), Body: body(name, `{"x":"`+pick(s, sequenceManagers)+`"}`, "", spec), As: object}
	case 16:
		return step{Send: "DELETE " + path + s.dryRun("?"), Body: json.RawMessage(pick(s, []string{`{}`, `{"preconditions":{"resourceVersion":"$(` + object + `.resourceVersion)"}}`, `{"propagationPolicy":"Background"}`}))}
	case 17:
		return step{Send: "DELETE " + plural + "?labelSelector=" + pick(s, []string{"x%3D1", "y", "!x"}) + s.dryRun("&")}
	case 18:
		return step{Send: "GET " + plural + pick(s, []string{"", "?limit=1", "?labelSelector=x%3D1", "?fieldSelector=metadata.name%3Da", "?limit=2"})}
	default:
		return step{Send: "GET " + path + pick(s, []string{"", "/status"})}
	}
}

func (s *sequence) dryRun(separator string) string {
	if s.IntN(8) == 0 {
		return separator + "dryRun=All"
	}
	return ""
}

// mostly picks the first of a list every other time.
func (s *sequence) mostly(list []string) string {
	if s.IntN(2) == 0 {
		return list[0]
	}
	return pick(s, list)
}

func pick[T any](s *sequence, list []T) T { return list[s.IntN(len(list))] }

// body is an object with a name, labels, a version and a spec. A null label is left out.
func body(name, labels, version, spec string) json.RawMessage {
	metadata := `{"name":"` + name + `"`
	if labels != `{"x":null}` {
		metadata += `,"labels":` + labels
	}
	if version != "" {
		metadata += `,"resourceVersion":"` + version + `"`
	}
	return json.RawMessage(`{"metadata":` + metadata + `},"spec":` + spec + `}`)
}
