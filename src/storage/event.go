package storage

import (
	"sync"

	"k8s.io/apimachinery/pkg/runtime"
)

// event is a change on its way to watchers. All watchers share it: what is expensive, decoding, is done
// once, by the first that needs it.
type event struct {
	Change
	// prevPlain is true if PrevValue is as the codec wrote it, without encryption at rest.
	prevPlain bool

	mu      sync.Mutex
	owner   *store // the store that decoded
	decoded decodedEvent
}

// decodedEvent has the objects of an event. They are shared, so nobody may change them.
type decodedEvent struct {
	object, prev       runtime.Object
	objectErr, prevErr error
	hasObject, hasPrev bool
}

// size estimates the memory that an event holds, with its decoded objects.
func (e *event) size() int {
	const structs, decodedPerByte = 512, 4
	return structs + len(e.Key) + (1+decodedPerByte)*(len(e.Value)+len(e.PrevValue))
}
