package storage

import (
	"context"

	"k8s.io/apimachinery/pkg/runtime"

	"ark.ai/apiserver/src/storage/changelog"
	"ark.ai/apiserver/src/storage/driver"
)

// decodedEvent has the objects of an event: what is expensive, decoding, is done once, by the
// writer or the first watcher that needs it. They are shared, so nobody may change them.
type decodedEvent struct {
	store              *store // that decoded
	object, prev       runtime.Object
	objectErr, prevErr error
	hasObject, hasPrev bool
	// prevPlain is true if the event's PrevValue is as the codec wrote it, without encryption at
	// rest.
	prevPlain bool
}

// share is what watchers get of a write that was committed as revision.
func (d *decodedEvent) share(revision int64) any {
	// Nobody else has the objects yet.
	if d.hasObject {
		d.objectErr = d.store.versioner.UpdateObject(d.object, uint64(revision))
	}
	if d.hasPrev {
		d.prevErr = d.store.versioner.UpdateObject(d.prev, uint64(revision))
	}
	if !d.store.plaintext {
		return &decodedEvent{prevPlain: d.prevPlain}
	}
	return d
}

// decodeEvent decodes an event for s, once for all its watchers. Only a store that shares its keys
// with another, such as those of two versions of a custom resource, may have to do it again.
func (s *store) decodeEvent(ctx context.Context, e *changelog.Event, needPrev bool) decodedEvent {
	e.Lock()
	defer e.Unlock()
	d, ok := e.Shared.(*decodedEvent)
	if !ok {
		d = &decodedEvent{store: s}
	} else if d.store != s {
		d = &decodedEvent{store: s, prevPlain: d.prevPlain}
	}
	e.Shared = d
	// An error is not kept: a key service that did not answer may do so for the next watcher.
	if !d.hasObject && !e.Deleted {
		d.object, d.objectErr = s.decodeStored(ctx, e.Key, e.Value, e.Checksum, false, e.Revision)
		d.hasObject = d.objectErr == nil
	}
	if !d.hasPrev && needPrev {
		// The object as it was before carries the revision at which it ceased to be so.
		d.prev, d.prevErr = s.decodeStored(ctx, e.Key, e.PrevValue, e.PrevChecksum, d.prevPlain, e.Revision)
		d.hasPrev = d.prevErr == nil
	}
	return *d
}

func (s *store) decodeStored(ctx context.Context, key string, value []byte, checksum driver.Checksum, plain bool, revision int64) (runtime.Object, error) {
	if !plain {
		var err error
		if value, _, err = s.decrypt(ctx, key, value, checksum); err != nil {
			return nil, err
		}
	}
	return s.decode(value, revision, nil)
}
