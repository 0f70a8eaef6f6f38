package storage

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"reflect"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/conversion"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apiserver/pkg/storage"

	"ark.ai/apiserver/src/storage/changelog"
	"ark.ai/apiserver/src/storage/driver"
)

// Create implements storage.Interface.
func (s *store) Create(ctx context.Context, key string, obj, out runtime.Object, ttl uint64) (err error) {
	key, err = s.key(key, false)
	if err != nil {
		return err
	}
	defer s.observe("create", time.Now(), &err)
	if version, err := s.versioner.ObjectResourceVersion(obj); err == nil && version != 0 {
		return storage.ErrResourceVersionSetOnCreate
	}
	data, err := s.encode(obj)
	if err != nil {
		return err
	}
	written, err := s.put(ctx, key, &state{}, obj, data, ttl)
	switch {
	case errors.Is(err, changelog.ErrConflict):
		return storage.NewKeyExistsError(key, 0)
	case err != nil:
		return err
	case out == nil:
		return nil
	}
	return s.copyInto(written, data, out)
}

// Delete implements storage.Interface.
func (s *store) Delete(
	ctx context.Context, key string, out runtime.Object, preconditions *storage.Preconditions,
	validateDeletion storage.ValidateObjectFunc, cachedExistingObject runtime.Object, opts storage.DeleteOptions,
) (err error) {
	key, err = s.key(key, false)
	if err != nil {
		return err
	}
	defer s.observe("delete", time.Now(), &err)
	v, err := conversion.EnforcePtr(out)
	if err != nil {
		return fmt.Errorf("unable to convert output object to pointer: %w", err)
	}
	mustBeCorrupt := opts.ExpectTransformOrDecodeError && unsafeDeletionAllowed()
	read := s.stateReader(key, v, false, mustBeCorrupt)
	if mustBeCorrupt {
		cachedExistingObject = nil
	}
	current, err := s.firstState(ctx, read, cachedExistingObject)
	if err != nil {
		return err
	}
	for {
		err := preconditions.Check(key, current.obj)
		if err == nil {
			err = validateDeletion(ctx, current.obj)
		}
		if err != nil {
			if current, err = s.reread(ctx, read, current, err); err != nil {
				return err
			}
			continue
		}
		event := &decodedEvent{store: s}
		if !mustBeCorrupt {
			prev, err := s.shared(current)
			if err != nil {
				return err
			}
			event.hasPrev, event.prev = true, prev
		}
		err = s.submit(ctx, driver.Write{Key: key, Expected: current.revision, Delete: true}, current, event)
		if errors.Is(err, changelog.ErrConflict) {
			if current, err = read(ctx); err != nil {
				return err
			}
			continue
		}
		if err != nil || mustBeCorrupt {
			return err
		}
		return s.copyInto(event.prev, current.data, out)
	}
}

// GuaranteedUpdate implements storage.Interface.
func (s *store) GuaranteedUpdate(
	ctx context.Context, key string, destination runtime.Object, ignoreNotFound bool,
	preconditions *storage.Preconditions, tryUpdate storage.UpdateFunc, cachedExistingObject runtime.Object,
) (err error) {
	key, err = s.key(key, false)
	if err != nil {
		return err
	}
	defer s.observe("update", time.Now(), &err)
	v, err := conversion.EnforcePtr(destination)
	if err != nil {
		return fmt.Errorf("unable to convert output object to pointer: %w", err)
	}
	read := s.stateReader(key, v, ignoreNotFound, false)
	current, err := s.firstState(ctx, read, cachedExistingObject)
	if err != nil {
		return err
	}
	for {
		var updated runtime.Object
		var ttl *uint64
		err := preconditions.Check(key, current.obj)
		if err == nil {
			updated, ttl, err = tryUpdate(current.obj, storage.ResponseMeta{ResourceVersion: uint64(current.revision)})
		}
		if err != nil {
			if current, err = s.reread(ctx, read, current, err); err != nil {
				return err
			}
			continue
		}
		data, err := s.encode(updated)
		if err != nil {
			return err
		}
		if !current.stale && bytes.Equal(data, current.data) {
			if !current.fresh {
				// The suggestion may be outdated: what the database has must be equal.
				if current, err = read(ctx); err != nil {
					return err
				}
				if current.stale || !bytes.Equal(data, current.data) {
					continue
				}
			}
			return s.decodeInto(current.data, current.revision, destination)
		}
		var seconds uint64
		if ttl != nil {
			seconds = *ttl
		}
		written, err := s.put(ctx, key, current, updated, data, seconds)
		if errors.Is(err, changelog.ErrConflict) {
			if current, err = read(ctx); err != nil {
				return err
			}
			continue
		}
		if err != nil {
			return err
		}
		return s.copyInto(written, data, destination)
	}
}

// put writes obj, which the codec encoded as data, over the current state of key. It returns the
// object as it was stored, which watchers share.
func (s *store) put(ctx context.Context, key string, current *state, obj runtime.Object, data []byte, ttl uint64) (runtime.Object, error) {
	stored, err := s.encrypt(ctx, key, data)
	if err != nil {
		return nil, err
	}
	if limit := s.engine.options.MaxValueBytes; len(stored) > limit {
		return nil, apierrors.NewRequestEntityTooLargeError(fmt.Sprintf("object has %d bytes as stored, limit is %d", len(stored), limit))
	}
	attributes, err := s.attributes(obj, !bytes.Equal(stored, data))
	if err != nil {
		return nil, storage.NewInternalError(err)
	}
	// What was written is decoded once, for the caller and for all watchers.
	written, err := s.decode(data, 0, nil)
	if err != nil {
		return nil, err
	}
	write := driver.Write{Key: key, Expected: current.revision, Value: stored, Attributes: attributes}
	if ttl > 0 {
		write.ExpiresAt = time.Now().Add(time.Duration(ttl) * time.Second)
	}
	err = s.submit(ctx, write, current, &decodedEvent{store: s, hasObject: true, object: written})
	return written, err
}

// submit commits a write over the current state; event is what the writer knows of it.
// changelog.ErrConflict comes back as it is, other errors as a client may see them.
func (s *store) submit(ctx context.Context, write driver.Write, current *state, event *decodedEvent) error {
	submission := &changelog.Submission{Write: write, Share: event.share}
	submission.PrevValue, event.prevPlain = current.previous()
	err := s.engine.Submit(ctx, submission)
	if err != nil && !errors.Is(err, changelog.ErrConflict) {
		return statusError(err)
	}
	return err
}

// state is what a key had at some moment, from which an update or deletion starts.
type state struct {
	obj      runtime.Object // nil if corrupt
	revision int64          // 0 if the key doesn't exist
	data     []byte         // obj as the codec writes it
	stored   []byte         // as in the database; nil if the state was made from a suggested object
	stale    bool           // must be written even if unchanged
	fresh    bool           // was read from the database, not suggested
}

// previous is what an event has as the value before; plain means that it is as the codec wrote it,
// without encryption at rest.
func (st *state) previous() (value []byte, plain bool) {
	if st.stored != nil {
		return st.stored, false
	}
	return st.data, true
}

// shared is the object of a state as watchers get it.
func (s *store) shared(current *state) (runtime.Object, error) {
	switch {
	case reflect.TypeOf(current.obj) != reflect.TypeOf(s.NewFunc()):
		return s.decode(current.data, current.revision, nil)
	case !current.fresh:
		return current.obj.DeepCopyObject(), nil // the suggestion belongs to the caller
	}
	return current.obj, nil
}

type stateReader func(context.Context) (*state, error)

// firstState is the suggestion, if there is one, or what the database has.
func (s *store) firstState(ctx context.Context, read stateReader, suggestion runtime.Object) (*state, error) {
	if suggestion == nil {
		return read(ctx)
	}
	revision, err := s.versioner.ObjectResourceVersion(suggestion)
	if err != nil {
		return nil, fmt.Errorf("couldn't get resource version: %w", err)
	}
	data, err := s.encode(suggestion)
	if err != nil {
		return nil, err
	}
	// encode took the resource version out.
	if err := s.versioner.UpdateObject(suggestion, revision); err != nil {
		return nil, fmt.Errorf("setting the resource version: %w", err)
	}
	return &state{obj: suggestion, revision: int64(revision), data: data}, nil
}

// reread goes on from an update that refused with cause: if that may be because the state it was
// given was outdated, with what the database has, else with cause.
func (s *store) reread(ctx context.Context, read stateReader, outdated *state, cause error) (*state, error) {
	if outdated.fresh {
		return nil, cause
	}
	current, err := read(ctx)
	if err != nil {
		return nil, err
	}
	if current.revision == outdated.revision {
		return nil, cause
	}
	return current, nil
}

// stateReader reads the state of key, an object of v's type. mustBeCorrupt refuses objects that can
// be decoded.
func (s *store) stateReader(key string, v reflect.Value, ignoreNotFound, mustBeCorrupt bool) stateReader {
	return func(ctx context.Context) (*state, error) {
		record, _, err := s.engine.backend.Get(ctx, key, 0)
		if err != nil {
			return nil, statusError(err)
		}
		obj, err := emptyObject(v)
		if err != nil {
			return nil, err
		}
		if record == nil {
			if !ignoreNotFound {
				return nil, storage.NewKeyNotFoundError(key, 0)
			}
			return &state{obj: obj, fresh: true}, nil
		}
		result := &state{revision: record.Revision, stored: record.Value, fresh: true}
		result.data, result.stale, err = s.decrypt(ctx, key, record.Value, record.Checksum)
		if err == nil {
			err = s.decodeInto(result.data, record.Revision, obj)
		}
		switch {
		case err != nil && mustBeCorrupt:
			return result, nil
		case err != nil:
			return nil, err
		case mustBeCorrupt:
			return nil, storage.NewInvalidObjError(key, "unsafe deletion is not allowed because the object is decodable from storage")
		}
		result.obj = obj
		return result, nil
	}
}

func emptyObject(v reflect.Value) (runtime.Object, error) {
	if u, ok := v.Addr().Interface().(runtime.Unstructured); ok {
		return u.NewEmptyInstance(), nil
	}
	obj, ok := reflect.New(v.Type()).Interface().(runtime.Object)
	if !ok {
		return nil, fmt.Errorf("%v is not an object", v.Type())
	}
	return obj, nil
}
