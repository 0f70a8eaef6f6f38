package storagetest

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"ark.ai/apiserver/src/storage/driver"
)

// model is what a backend must look like.
type model struct {
	changes   []driver.Change // the change with revision r is at r-2
	compacted int64
}

func (m *model) current() int64 { return int64(len(m.changes)) + 1 }

// at is the living records at a revision, in order of their keys.
func (m *model) at(revision int64) []driver.Record {
	living := make(map[string]driver.Record)
	for _, change := range m.changes[:revision-1] {
		if change.Deleted {
			delete(living, change.Key)
		} else {
			living[change.Key] = driver.Record{Key: change.Key, Value: change.Value, Revision: change.Revision}
		}
	}
	records := make([]driver.Record, 0, len(living))
	for _, record := range living {
		records = append(records, record)
	}
	slices.SortFunc(records, func(a, b driver.Record) int { return bytes.Compare([]byte(a.Key), []byte(b.Key)) })
	return records
}

func (m *model) get(key string, revision int64) *driver.Record {
	for _, record := range m.at(revision) {
		if record.Key == key {
			return &record
		}
	}
	return nil
}

// apply is Commit.
func (m *model) apply(batch []driver.Write) (revisions []int64) {
	now := m.current()
	for _, write := range batch {
		change := driver.Change{Key: write.Key, Deleted: write.Delete}
		if before := m.get(write.Key, now); before != nil {
			change.PrevRevision, change.PrevValue = before.Revision, before.Value
		}
		if change.PrevRevision != write.Expected {
			revisions = append(revisions, 0)
			continue
		}
		if !write.Delete {
			change.Value = write.Value
		}
		change.Revision = m.current() + 1
		m.changes = append(m.changes, change)
		revisions = append(revisions, change.Revision)
	}
	return revisions
}

// exerciseModel does random things to a backend and to a model of it, and compares.
func exerciseModel(t *testing.T, h Harness) {
	backend := h.open(t)
	rounds := 150
	if h.small() {
		rounds = 40
	}
	const seed = 20
	random := rand.New(rand.NewPCG(seed, seed))
	keys := make([]string, 12)
	for i := range keys {
		keys[i] = fmt.Sprintf("/%c/%d", 'a'+i%3, i)
	}
	m := &model{}
	for round := range rounds {
		var batch []driver.Write
		for _, i := range random.Perm(len(keys))[:1+random.IntN(5)] {
			write := driver.Write{Key: keys[i], Value: fmt.Appendf(nil, `{"round":%d}`, round)}
			if record := m.get(keys[i], m.current()); record != nil && random.IntN(10) > 0 {
				write.Expected = record.Revision
				write.Delete = random.IntN(3) == 0
			}
			if random.IntN(10) == 0 {
				write.Expected = random.Int64N(m.current()) + 1
			}
			batch = append(batch, write)
		}
		want := m.apply(batch)
		if got := tryCommit(t, backend, batch...); !slices.Equal(got, want) {
			t.Fatalf("round %d: commit returned %v, want %v", round, got, want)
		}
		if random.IntN(15) == 0 {
			revision := 1 + random.Int64N(m.current())
			m.compacted = max(m.compacted, revision)
			if err := backend.Compact(t.Context(), revision); err != nil {
				t.Fatalf("round %d: compact to %d: %v", round, revision, err)
			}
		}
		compareRead(t, backend, m, random, keys)
		compareLog(t, backend, m, random)
		if t.Failed() {
			t.Fatalf("in round %d", round)
		}
	}
}

func compareRead(t *testing.T, backend driver.Backend, m *model, random *rand.Rand, keys []string) {
	t.Helper()
	at := 1 + random.Int64N(m.current())
	if random.IntN(3) == 0 {
		at = m.current()
	}
	key := keys[random.IntN(len(keys))]
	record, now, err := backend.Get(t.Context(), key, at)
	prefix := []string{"", "/", "/a/", "/b/", "/c/1", "/d/"}[random.IntN(6)]
	query := driver.ListQuery{
		Prefix: prefix, Start: keys[random.IntN(len(keys))], Revision: at, Limit: random.IntN(6), Count: true, Bare: random.IntN(2) == 0,
	}
	if at == m.current() && random.IntN(2) == 0 {
		query.Revision = 0
	}
	page, listErr := backend.List(t.Context(), query)
	if at < m.compacted {
		wantError(t, fmt.Sprintf("get at %d, compacted to %d", at, m.compacted), err, driver.ErrCompacted)
		wantError(t, fmt.Sprintf("list at %d, compacted to %d", at, m.compacted), listErr, driver.ErrCompacted)
		return
	}
	if err := errors.Join(err, listErr); err != nil {
		t.Errorf("read at %d: %v", at, err)
		return
	}
	what := fmt.Sprintf("%s at %d", key, at)
	if want := m.get(key, at); want == nil {
		wantAbsent(t, what, record)
	} else {
		wantRecord(t, what, record, string(want.Value), want.Revision)
	}
	if now != m.current() {
		t.Errorf("%s: current revision is %d, want %d", what, now, m.current())
	}

	var want []driver.Record
	for _, record := range m.at(at) {
		if len(record.Key) >= len(prefix) && record.Key[:len(prefix)] == prefix && record.Key >= query.Start {
			want = append(want, record)
		}
	}
	all := len(want)
	if query.Limit > 0 {
		want = want[:min(query.Limit, all)]
	}
	what = fmt.Sprintf("list %+v", query)
	wantKeys(t, what, page.Records, keysOf(want)...)
	for i := range min(len(want), len(page.Records)) {
		if query.Bare {
			want[i].Value = nil
		}
		wantRecord(t, what, &page.Records[i], string(want[i].Value), want[i].Revision)
	}
	if page.Revision != at || page.Remaining != int64(all-len(want)) || page.More != (all > len(want)) {
		t.Errorf("%s: revision %d, %d remain, more %t; want %d, %d, %t", what, page.Revision, page.Remaining, page.More, at, all-len(want), all > len(want))
	}
}

func compareLog(t *testing.T, backend driver.Backend, m *model, random *rand.Rand) {
	t.Helper()
	after := random.Int64N(m.current() + 1)
	prefix := []string{"", "/", "/a/", "/d/"}[random.IntN(4)]
	changes, through, err := readLog(t.Context(), backend, after, prefix, 1+random.IntN(7))
	what := fmt.Sprintf("log of %q after %d", prefix, after)
	if after < m.compacted {
		wantError(t, what, err, driver.ErrCompacted)
		return
	}
	if err != nil || through != m.current() {
		t.Errorf("%s: through %d (error %v), want %d", what, through, err, m.current())
		return
	}
	var want []driver.Change
	for _, change := range m.changes[max(after-1, 0):] {
		if len(change.Key) >= len(prefix) && change.Key[:len(prefix)] == prefix {
			want = append(want, change)
		}
	}
	wantChanges(t, what, changes, want)
}
