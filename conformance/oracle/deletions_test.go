package oracle_test

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

// orderDeletions brings deletions that follow each other in a watch in the order of their names,
// and has their revisions change places: our servers delete the objects of a collection together,
// in no order, a kube-apiserver one after the other.
func orderDeletions(answers []any) {
	var runs [][]any
	for _, a := range answers {
		events, _ := a.(map[string]any)["events"].([]any)
		runs = append(runs, deletionsIn(events)...)
	}
	// Other watches may have a part of what the one with the most has.
	slices.SortStableFunc(runs, func(a, b []any) int { return cmp.Compare(len(b), len(a)) })
	places := map[any]any{}
	for _, run := range runs {
		if slices.ContainsFunc(run, func(event any) bool { return places[metadataOf(event)["resourceVersion"]] != nil }) {
			continue
		}
		byName := slices.SortedFunc(slices.Values(run), func(a, b any) int {
			return cmp.Compare(fmt.Sprint(metadataOf(a)["name"]), fmt.Sprint(metadataOf(b)["name"]))
		})
		slices.SortFunc(run, byRevision)
		for i, event := range byName {
			places[metadataOf(event)["resourceVersion"]] = metadataOf(run[i])["resourceVersion"]
		}
	}
	for _, run := range runs {
		for _, event := range run {
			metadata := metadataOf(event)
			if place := places[metadata["resourceVersion"]]; place != nil {
				metadata["resourceVersion"] = place
			}
		}
		slices.SortFunc(run, byRevision)
	}
}

// deletionsIn are the parts of a watch with nothing but deletions.
func deletionsIn(events []any) (runs [][]any) {
	for from := 0; from < len(events); {
		to := from
		for to < len(events) && metadataOf(events[to]) != nil && events[to].(map[string]any)["type"] == "DELETED" {
			to++
		}
		if to > from {
			runs = append(runs, events[from:to])
		}
		from = to + 1
	}
	return runs
}

// metadataOf is nil if an event has no object.
func metadataOf(event any) map[string]any {
	e, _ := event.(map[string]any)
	object, _ := e["object"].(map[string]any)
	metadata, _ := object["metadata"].(map[string]any)
	return metadata
}

func byRevision(a, b any) int {
	number := func(event any) uint64 {
		revision, _ := strconv.ParseUint(fmt.Sprint(metadataOf(event)["resourceVersion"]), 10, 64)
		return revision
	}
	return cmp.Compare(number(a), number(b))
}

var _ = Describe("The order in which a collection is deleted", func() {
	It("is none, in all watches that see it", func() {
		watched := func(events ...string) answer {
			var a answer
			for _, event := range events {
				a.events = append(a.events, []byte(event))
			}
			return a
		}
		event := func(kind, name string, revision int) string {
			return fmt.Sprintf(`{"type":"%s","object":{"metadata":{"name":"%s","uid":"uid of %[2]s","resourceVersion":"%d"}}}`, kind, name, revision)
		}
		seen := func(a, b, c int) any {
			all := []string{event("ADDED", "a", 1), event("ADDED", "b", 2), event("ADDED", "c", 3)}
			some := []string{event("ADDED", "a", 1), event("ADDED", "c", 3)}
			for revision := 4; revision < 7; revision++ {
				name := map[int]string{a: "a", b: "b", c: "c"}[revision]
				all = append(all, event("DELETED", name, revision))
				if name != "b" {
					some = append(some, event("DELETED", name, revision))
				}
			}
			return normal(&side{group: ourGroup, namespace: "default", answers: []answer{watched(some...), watched(append(all, event("ADDED", "d", 7))...)}})
		}
		for _, other := range [][3]int{{4, 6, 5}, {5, 4, 6}, {5, 6, 4}, {6, 4, 5}, {6, 5, 4}} {
			Expect(seen(other[0], other[1], other[2])).To(Equal(seen(4, 5, 6)), "%v", other)
		}
	})
})
