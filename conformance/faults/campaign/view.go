package campaign

import (
	"math/rand/v2"
	"sync"

	"ark.ai/apiserver/conformance/faults/record"
)

// maxRevisions is from how many a watch chooses its beginning.
const maxRevisions = 4096

// view is what the clients tell each other, so that they ask for something that makes sense.
type view struct {
	mu sync.Mutex
	// objects has the version of each key that was seen last. It is out of date all the time.
	objects map[string]record.Item
	// revisions is a sample of those that were seen.
	revisions []int64
	// newest is the largest revision that was seen.
	newest int64
	// keys are those in use, the newest last.
	keys []string
}

func newView(start int64) *view {
	return &view{objects: map[string]record.Item{}, revisions: []int64{start}, newest: start}
}

// saw takes note of a version.
func (v *view) saw(item record.Item) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if known, ok := v.objects[item.Key]; !ok || known.Revision < item.Revision {
		v.objects[item.Key] = item
	}
	v.newest = max(v.newest, item.Revision)
	if len(v.revisions) < maxRevisions {
		v.revisions = append(v.revisions, item.Revision)
	} else {
		v.revisions[int(item.Revision)%maxRevisions] = item.Revision
	}
}

// missed takes note that a key is not there.
func (v *view) missed(key string) {
	v.mu.Lock()
	defer v.mu.Unlock()
	delete(v.objects, key)
}

// object is the version of a key that was seen last.
func (v *view) object(key string) (record.Item, bool) {
	v.mu.Lock()
	defer v.mu.Unlock()
	item, ok := v.objects[key]
	return item, ok
}

// revision is one that was seen.
func (v *view) revision(choice *rand.Rand) int64 {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.revisions[choice.IntN(len(v.revisions))]
}

func (v *view) newestRevision() int64 {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.newest
}

// open adds keys.
func (v *view) open(keys ...string) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.keys = append(v.keys, keys...)
}

// key is one of the newest keys mostly, so that clients meet there, else any.
func (v *view) key(choice *rand.Rand) string {
	v.mu.Lock()
	defer v.mu.Unlock()
	from := 0
	if choice.IntN(5) > 0 {
		from = max(0, len(v.keys)-keysPerFault)
	}
	return v.keys[from+choice.IntN(len(v.keys)-from)]
}
