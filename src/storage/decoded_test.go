package storage

import (
	"testing"

	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apiserver/pkg/apis/example"

	"ark.ai/apiserver/src/storage/driver"
)

// TestDecodedObjects: objects are known at the revision at which the watch cache has them, and
// those that are deleted are forgotten, however late it takes in what came before.
func TestDecodedObjects(t *testing.T) {
	t.Parallel()
	d := newDecodedObjects()
	knows := func(key string, revision int64) bool {
		found := make(map[int64]runtime.Object)
		missing := d.find([]driver.Record{{Key: key, Revision: revision}}, found)
		if len(missing) == len(found) {
			t.Errorf("%s at %d is found %d times, and missing %d times", key, revision, len(found), len(missing))
		}
		return len(found) == 1
	}
	d.put("a", 1, &example.Pod{})
	d.put("b", 2, &example.Pod{})
	if !knows("a", 1) || knows("a", 2) || !knows("b", 2) || knows("c", 3) {
		t.Errorf("known are %v", d.objects)
	}
	d.expectDeleted("a", 5)
	d.put("a", 4, &example.Pod{})
	if !knows("a", 4) || knows("a", 1) {
		t.Errorf("known are %v", d.objects)
	}
	d.put("a", 5, &example.Pod{}) // as it was deleted
	if knows("a", 4) || knows("a", 5) || len(d.objects) != 1 || len(d.deleted) != 0 {
		t.Errorf("known are %v, deleted %v", d.objects, d.deleted)
	}
	d.put("a", 6, &example.Pod{})
	if !knows("a", 6) {
		t.Error("what was created anew is not known")
	}
	d.expectDeleted("b", 7)
	if d.clear(); len(d.objects)+len(d.deleted) > 0 {
		t.Errorf("left are %v, %v", d.objects, d.deleted)
	}
}
