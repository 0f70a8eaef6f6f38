package storage

import (
	"context"
	"errors"
	"fmt"
	"reflect"

	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apiserver/pkg/storage"
	"k8s.io/apiserver/pkg/storage/value"

	"ark.ai/apiserver/src/storage/driver"
)

// authenticatedKey binds an encrypted value to its key, so that it can't be moved to another one.
type authenticatedKey string

var _ value.Context = authenticatedKey("")

// AuthenticatedData implements value.Context.
func (k authenticatedKey) AuthenticatedData() []byte {
	return []byte(k)
}

// checkCodec fails if no object could be stored and read again. Those without a Go type may be
// converted by a webhook, which is not asked.
func (c *StoreConfig) checkCodec() error {
	if c.Codec == nil || c.NewFunc == nil {
		return errors.New("needs a Codec and NewFunc")
	}
	made := c.NewFunc()
	if _, untyped := made.(runtime.Unstructured); untyped {
		return nil
	}
	data, err := runtime.Encode(c.Codec, made)
	if err != nil {
		return fmt.Errorf("its Codec does not encode what NewFunc makes: %w", err)
	}
	decoded, _, err := c.Codec.Decode(data, nil, nil)
	if err != nil {
		return fmt.Errorf("its Codec does not decode what it encodes: %w", err)
	}
	if reflect.TypeOf(decoded) != reflect.TypeOf(made) {
		return fmt.Errorf("its Codec decodes to %T, but NewFunc makes %T", decoded, made)
	}
	return nil
}

// encode is the object as the codec writes it.
func (s *store) encode(obj runtime.Object) ([]byte, error) {
	if err := s.versioner.PrepareObjectForStorage(obj); err != nil {
		return nil, fmt.Errorf("preparing the object for storage: %w", err)
	}
	return runtime.Encode(s.Codec, obj)
}

// encrypt is what is stored of data.
func (s *store) encrypt(ctx context.Context, key string, data []byte) ([]byte, error) {
	encrypted, err := s.Transformer.TransformToStorage(ctx, data, authenticatedKey(key))
	if err != nil {
		return nil, storage.NewInternalError(err)
	}
	return encrypted, nil
}

// decrypt is what the codec wrote of a stored value, if that is undamaged. stale means that it
// should be written anew, with today's key.
func (s *store) decrypt(ctx context.Context, key string, stored []byte, checksum driver.Checksum) (data []byte, stale bool, err error) {
	if err := checksum.Check(key, stored); err != nil {
		return nil, false, storage.NewInternalError(fmt.Errorf("unable to read key %q: %w", key, corrupt(damaged, err)))
	}
	data, stale, err = s.Transformer.TransformFromStorage(ctx, stored, authenticatedKey(key))
	if err != nil {
		return nil, false, storage.NewInternalError(s.transformError(key, err))
	}
	return data, stale, nil
}

func (s *store) transformError(key string, err error) error {
	if s.IsCorrupt == nil || s.IsCorrupt(err) {
		err = corrupt(notDecryptable, err)
	}
	return fmt.Errorf("unable to transform key %q: %w", key, err)
}

// decodeInto sets obj to what data says, with revision as its resourceVersion.
func (s *store) decodeInto(data []byte, revision int64, obj runtime.Object) error {
	_, _, err := s.Codec.Decode(data, nil, obj)
	if err != nil {
		return corrupt(notDecodable, err)
	}
	return s.versioner.UpdateObject(obj, uint64(revision))
}

// copyInto sets out to a copy of obj, which the codec encodes as data.
func (s *store) copyInto(obj runtime.Object, data []byte, out runtime.Object) error {
	if reflect.TypeOf(obj) == reflect.TypeOf(out) {
		reflect.ValueOf(out).Elem().Set(reflect.ValueOf(obj.DeepCopyObject()).Elem())
		return nil
	}
	// The caller wants another version than the codec makes.
	revision, err := s.versioner.ObjectResourceVersion(obj)
	if err != nil {
		return fmt.Errorf("reading the resource version: %w", err)
	}
	return s.decodeInto(data, int64(revision), out)
}

// decode is decodeInto for an object that the codec makes, or fills if into is not nil.
func (s *store) decode(data []byte, revision int64, into runtime.Object) (runtime.Object, error) {
	obj, _, err := s.Codec.Decode(data, nil, into)
	if err != nil {
		return nil, corrupt(notDecodable, err)
	}
	if err := s.versioner.UpdateObject(obj, uint64(revision)); err != nil {
		return nil, fmt.Errorf("setting the resource version: %w", err)
	}
	return obj, nil
}
