package changelog

import (
	"sync"

	"ark.ai/apiserver/src/storage/driver"
)

// Event is a change on its way to subscribers, which share it.
type Event struct {
	driver.Change

	// Shared is what subscribers make of the change, once for all of them. Whoever reads or sets it
	// holds the mutex.
	sync.Mutex
	Shared any
}

// size estimates the memory that an event holds, with what is made of it.
func (e *Event) size() int {
	const structs, sharedPerByte = 512, 4
	return structs + len(e.Key) + (1+sharedPerByte)*(len(e.Value)+len(e.PrevValue))
}
