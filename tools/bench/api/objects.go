package main

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// namespaces that queries are in.
var namespaces = []string{"team-a", "team-b", "team-c", "team-d", "team-e", "team-f", "team-g", "team-h"}

var phases = []string{"pending", "running", "error", "done", "done", "done", "done", "done"}

// words of texts: the first are common, the last rare, as in a language.
const words = 20_000

// query is the i-th of all, some 2 KB as it is stored. It is the same in every run.
type query struct {
	name, namespace  string
	create, complete string
}

func newQuery(i int) query {
	random := rand.New(rand.NewPCG(1, uint64(i)))
	text := func(n int) string {
		zipf := rand.NewZipf(random, 1.2, 8, words-1)
		parts := make([]string, n)
		for j := range parts {
			parts[j] = fmt.Sprintf("w%d", zipf.Uint64())
		}
		return strings.Join(parts, " ")
	}
	q := query{name: fmt.Sprintf("query-%07d", i), namespace: namespaces[i%len(namespaces)]}
	q.create = fmt.Sprintf(`{"apiVersion":"ark.ai/v1alpha1","kind":"Query","metadata":{"name":%q,"labels":{"session":"s%d","tier":"t%d"}},`+
		`"spec":{"input":%q,"target":{"type":"agent","name":"agent-%d"},"sessionId":"s%d"}}`,
		q.name, i/10, random.IntN(5), text(120), random.IntN(50), i/10)
	prompt, completion := random.IntN(50_000), random.IntN(50_000)
	q.complete = fmt.Sprintf(`{"status":{"phase":%q,"duration":"%ds","tokenUsage":{"promptTokens":%d,"completionTokens":%d,"totalTokens":%d},`+
		`"response":{"target":{"type":"agent","name":"a"},"phase":"done","content":%q}}}`,
		phases[random.IntN(len(phases))], random.IntN(600), prompt, completion, prompt+completion, text(80))
	return q
}

func (q query) collection() string { return collectionIn(q.namespace) }
func (q query) path() string       { return q.collection() + "/" + q.name }

const all = "/apis/ark.ai/v1alpha1/queries"

func collectionIn(namespace string) string {
	return "/apis/ark.ai/v1alpha1/namespaces/" + namespace + "/queries"
}
