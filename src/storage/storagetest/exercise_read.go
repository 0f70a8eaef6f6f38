package storagetest

import (
	"fmt"
	"reflect"
	"slices"
	"testing"

	"ark.ai/apiserver/src/storage/driver"
)

func exerciseGetAtRevision(t *testing.T, h Harness) {
	backend := h.open(t)
	created := commitOne(t, backend, create("/a", `{"n":1}`))
	other := commitOne(t, backend, create("/b", `{}`))
	updated := commitOne(t, backend, update("/a", created, `{"n":2}`))
	deleted := commitOne(t, backend, remove("/a", updated))
	again := commitOne(t, backend, create("/a", `{"n":3}`))

	wantAbsent(t, "before its creation", get(t, backend, "/a", created-1))
	wantRecord(t, "at its creation", get(t, backend, "/a", created), `{"n":1}`, created)
	wantRecord(t, "at another key's write", get(t, backend, "/a", other), `{"n":1}`, created)
	wantRecord(t, "at its update", get(t, backend, "/a", updated), `{"n":2}`, updated)
	wantAbsent(t, "at its deletion", get(t, backend, "/a", deleted))
	wantRecord(t, "created again", get(t, backend, "/a", again), `{"n":3}`, again)
	for key, at := range map[string]int64{"/a": other, "/missing": other, "/b": 0} {
		if _, got, err := backend.Get(t.Context(), key, at); err != nil || got != again {
			t.Errorf("get %s at %d reports the current revision %d (error %v), want %d", key, at, got, err, again)
		}
	}
	keys := []string{"/b", "/missing", "/a"}
	for at, want := range map[int64][]string{created: {"/a"}, other: {"/b", "/a"}, deleted: {"/b"}, again: {"/b", "/a"}} {
		records, err := backend.GetAll(t.Context(), driver.KeysQuery{Keys: keys, Revision: at})
		if err != nil {
			t.Fatal(err)
		}
		wantKeys(t, fmt.Sprintf("get all at %d", at), records, want...)
		for i := range records {
			one := get(t, backend, records[i].Key, at)
			wantRecord(t, "one of all", &records[i], string(one.Value), one.Revision)
		}
		bare, err := backend.GetAll(t.Context(), driver.KeysQuery{Keys: keys, Revision: at, Bare: true})
		if err != nil {
			t.Fatal(err)
		}
		for i := range records {
			records[i].Value, records[i].Checksum = nil, 0
		}
		if !reflect.DeepEqual(bare, records) {
			t.Errorf("without values, all at %d are %+v, want %+v", at, bare, records)
		}
	}
	_, err := backend.GetAll(t.Context(), driver.KeysQuery{Keys: keys, Revision: again + 1})
	wantError(t, "get all at a revision to come", err, driver.ErrFutureRevision)
	_, _, err = backend.Get(t.Context(), "/a", again+1)
	wantError(t, "get at a revision to come", err, driver.ErrFutureRevision)
	_, err = backend.List(t.Context(), driver.ListQuery{Revision: again + 1})
	wantError(t, "list at a revision to come", err, driver.ErrFutureRevision)
}

func exerciseListOrder(t *testing.T, h Harness) {
	backend := h.open(t)
	keys := []string{"/k/", "/k/A", "/k/Z", "/k/a", "/k/a-b", "/k/a.b", "/k/a/b", "/k/a0", "/k/aB", "/k/a_b", "/k/ab", "/k/z", "/k/~", "/k/ä", "/k/é", "/k/中", "/k/😀"}
	shuffled := slices.Clone(keys)
	for i := range shuffled {
		j := i * 7 % len(shuffled)
		shuffled[i], shuffled[j] = shuffled[j], shuffled[i]
	}
	fill(t, backend, shuffled, func(string) string { return `{}` })
	slices.Sort(keys) // by bytes
	for _, at := range []int64{0, current(t, backend)} {
		wantKeys(t, fmt.Sprintf("list at %d", at), list(t, backend, driver.ListQuery{Prefix: "/k/", Revision: at}).Records, keys...)
	}
}

func exerciseListPrefix(t *testing.T, h Harness) {
	backend := h.open(t)
	fill(t, backend, []string{"/a/1", "/a/2", "/a0", "/aé/1", "/aê/1", "/b/1", "/a%/1", "/a_/1", "/aB/1", "/a/\U0010FFFE"}, func(key string) string { return `{}` })
	for _, at := range []int64{0, current(t, backend)} {
		for _, tc := range []struct {
			prefix, start string
			want          []string
		}{
			{"/a/", "", []string{"/a/1", "/a/2", "/a/\U0010FFFE"}},
			{"/a/", "/a/2", []string{"/a/2", "/a/\U0010FFFE"}},
			{"/a/", "/a/1\x00", []string{"/a/2", "/a/\U0010FFFE"}},
			{"/a/", "/", []string{"/a/1", "/a/2", "/a/\U0010FFFE"}},
			{"/a/", "/b", nil},
			{"/a%", "", []string{"/a%/1"}},
			{"/a_", "", []string{"/a_/1"}},
			{"/aé", "", []string{"/aé/1"}},
			{"/c", "", nil},
			{"", "/aB", []string{"/aB/1", "/a_/1", "/aé/1", "/aê/1", "/b/1"}},
		} {
			what := fmt.Sprintf("list of %q from %q at %d", tc.prefix, tc.start, at)
			page := list(t, backend, driver.ListQuery{Prefix: tc.prefix, Start: tc.start, Revision: at, Count: true})
			wantKeys(t, what, page.Records, tc.want...)
			if page.Remaining != 0 || page.More {
				t.Errorf("%s: %d remain, more %t, want none", what, page.Remaining, page.More)
			}
		}
	}
}

func exerciseListPages(t *testing.T, h Harness) {
	backend := h.open(t)
	fill(t, backend, []string{"/k/1", "/k/2", "/k/3", "/k/4", "/k/5", "/other"}, func(key string) string { return fmt.Sprintf(`{"key":%q}`, key) })
	now := current(t, backend)
	for _, at := range []int64{0, now} {
		for _, tc := range []struct {
			start     string
			limit     int
			want      []string
			more      bool
			remaining int64
		}{
			{"", 2, []string{"/k/1", "/k/2"}, true, 3},
			{"/k/2\x00", 2, []string{"/k/3", "/k/4"}, true, 1},
			{"/k/4\x00", 2, []string{"/k/5"}, false, 0},
			{"", 5, []string{"/k/1", "/k/2", "/k/3", "/k/4", "/k/5"}, false, 0},
			{"/k/6", 2, nil, false, 0},
		} {
			page := list(t, backend, driver.ListQuery{Prefix: "/k/", Start: tc.start, Limit: tc.limit, Revision: at, Count: true})
			what := fmt.Sprintf("page of %d from %q at %d", tc.limit, tc.start, at)
			wantKeys(t, what, page.Records, tc.want...)
			if page.More != tc.more || page.Remaining != tc.remaining || page.Revision != now {
				t.Errorf("%s: more %t, %d remain, revision %d; want %t, %d, %d", what, page.More, page.Remaining, page.Revision, tc.more, tc.remaining, now)
			}
			for _, record := range page.Records {
				if string(record.Value) != fmt.Sprintf(`{"key":%q}`, record.Key) {
					t.Errorf("%s: %s has the value %s", what, record.Key, record.Value)
				}
			}
		}
	}
	commitOne(t, backend, create("/another", `{}`))
	if page := list(t, backend, driver.ListQuery{Prefix: "/k/"}); page.Revision != now+1 {
		t.Errorf("a list's revision is %d, want the database's, %d", page.Revision, now+1)
	}
}

// exerciseListPagesAtOldRevision turns a collection over between the pages of a list.
func exerciseListPagesAtOldRevision(t *testing.T, h Harness) {
	backend := h.open(t)
	const n = 60
	var keys []string
	for i := range n {
		keys = append(keys, fmt.Sprintf("/k/%03d", i))
	}
	value := func(key string) string { return `{"old":"` + key + `"}` }
	fill(t, backend, keys, value)
	at := current(t, backend)

	var got []string
	query := driver.ListQuery{Prefix: "/k/", Revision: at, Limit: 7, Count: true}
	for round := 0; ; round++ {
		page := list(t, backend, query)
		got = append(got, keysOf(page.Records)...)
		if want := int64(n - len(got)); page.Remaining != want || page.Revision != at {
			t.Fatalf("page %d: %d remain at revision %d, want %d at %d", round, page.Remaining, page.Revision, want, at)
		}
		for _, record := range page.Records {
			if string(record.Value) != value(record.Key) {
				t.Errorf("%s has the value %s of another revision", record.Key, record.Value)
			}
		}
		if !page.More {
			break
		}
		query.Start = page.Records[len(page.Records)-1].Key + "\x00"

		// Change, delete, delete and create again, and add, on both sides of the page's end.
		for i := round % 5; i < n; i += 5 {
			record := get(t, backend, keys[i], 0)
			switch {
			case record == nil:
				commitOne(t, backend, create(keys[i], `{"new":true}`))
			case i%3 == 0:
				commitOne(t, backend, remove(keys[i], record.Revision))
			default:
				commitOne(t, backend, update(keys[i], record.Revision, `{"new":true}`))
			}
		}
		commitOne(t, backend, create(fmt.Sprintf("/k/%03d-new-%d", round*8%n, round), `{"new":true}`))
	}
	if !slices.Equal(got, keys) {
		t.Errorf("the pages have the keys %q, want %q", got, keys)
	}
}

// exerciseListManyKeys pages through a large collection at the current and at an old revision.
func exerciseListManyKeys(t *testing.T, h Harness) {
	backend := h.open(t)
	n := 100_000
	if h.small() {
		n = 5_000
	}
	keys := make([]string, n)
	for i := range keys {
		keys[i] = fmt.Sprintf("/k/%06d", i)
	}
	fill(t, backend, keys, func(string) string { return `{"kind":"Thing"}` })
	before := current(t, backend)
	for i := 0; i < n; i += 1000 {
		commitOne(t, backend, update(keys[i], int64(i+2), `{"kind":"Changed"}`))
	}
	commitOne(t, backend, create("/k/999999", `{}`))

	for _, at := range []int64{before, 0} {
		want := n
		if at == 0 {
			want++
		}
		seen, last := 0, ""
		query := driver.ListQuery{Prefix: "/k/", Revision: at, Limit: 500, Count: true}
		for {
			page := list(t, backend, query)
			for _, record := range page.Records {
				if record.Key <= last {
					t.Fatalf("%s comes after %s", record.Key, last)
				}
				last = record.Key
			}
			seen += len(page.Records)
			if query.Count && page.Remaining != int64(want-seen) {
				t.Fatalf("after %d of %d keys %d remain", seen, want, page.Remaining)
			}
			if !page.More {
				break
			}
			query.Start, query.Count = last+"\x00", seen%10_000 == 0
		}
		if seen != want {
			t.Errorf("list at %d has %d keys, want %d", at, seen, want)
		}
	}
}
