package crdmigration

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/types"
	apistorage "k8s.io/apiserver/pkg/storage"

	"ark.ai/apiserver/src/registry"
	"ark.ai/apiserver/src/server/arkgroup"
	"ark.ai/apiserver/src/storage"
)

// target is the database, with the kinds as servers store them.
type target struct {
	engine *storage.Engine
	kinds  map[string]*registry.Stored // by plural
	end    func()
}

// newTarget stores with engine, encrypted as a server does that has the same configuration.
func newTarget(engine *storage.Engine, encryptionProviderConfig string) (*target, error) {
	kinds, end, err := arkgroup.OpenStored(engine, encryptionProviderConfig)
	if err != nil {
		return nil, err
	}
	t := &target{engine: engine, kinds: make(map[string]*registry.Stored, len(kinds)), end: end}
	for i := range kinds {
		t.kinds[kinds[i].Plural] = &kinds[i]
	}
	return t, nil
}

// read calls see with the JSON of each object of a kind.
func (t *target) read(ctx context.Context, kind *registry.Stored, see func(object metav1.Object, content map[string]any) error) error {
	list := kind.NewList()
	err := kind.Storage.GetList(ctx, kind.Root, apistorage.ListOptions{Predicate: apistorage.Everything, Recursive: true}, list)
	if err != nil {
		return fmt.Errorf("read %s of the database: %w", kind.Plural, err)
	}
	return meta.EachListItem(list, func(item runtime.Object) error {
		content, err := contentOf(kind, item)
		if err != nil {
			return err
		}
		return see(item.(metav1.Object), content)
	})
}

// errOtherWriter is what nobody sees whose migration is the only one, before servers answer.
var errOtherWriter = errors.New("another process writes to the database: only one command of the migration may run, and no client may use the servers yet")

// write stores an object in the place of what is known to be there. Nothing else is overwritten: a
// command that was stopped, and goes on after another one has completed the migration, must not
// undo what clients have written since.
func (t *target) write(ctx context.Context, kind *registry.Stored, object runtime.Object, before copied) error {
	key, err := kind.Key(object.(metav1.Object))
	if err != nil {
		return err
	}
	return kind.Storage.GuaranteedUpdate(ctx, key, kind.New(), true, nil,
		func(current runtime.Object, _ apistorage.ResponseMeta) (runtime.Object, *uint64, error) {
			uid := string(current.(metav1.Object).GetUID())
			if uid != before.uid {
				return nil, nil, errOtherWriter
			}
			if uid == "" {
				return object, nil, nil
			}
			content, err := contentOf(kind, current)
			if err != nil {
				return nil, nil, err
			}
			if found, err := digestOf(content); err != nil || found != before.digest {
				return nil, nil, errors.Join(err, errOtherWriter)
			}
			return object, nil, nil
		}, nil)
}

// drop deletes an object.
func (t *target) drop(ctx context.Context, kind *registry.Stored, name objectName, before copied) error {
	key, err := kind.Key(&metav1.ObjectMeta{Namespace: name.namespace, Name: name.name})
	if err != nil {
		return err
	}
	uid := types.UID(before.uid)
	err = kind.Storage.Delete(ctx, key, kind.New(), &apistorage.Preconditions{UID: &uid}, apistorage.ValidateAllObjectFunc, nil, apistorage.DeleteOptions{})
	if apistorage.IsNotFound(err) || apistorage.IsInvalidObj(err) {
		return errOtherWriter
	}
	return err
}

// decode makes an object of the JSON of a custom resource, of whatever version, and returns what is
// stored of it, too.
func decode(kind *registry.Stored, data []byte) (object runtime.Object, stored map[string]any, err error) {
	if object, err = runtime.Decode(kind.Codec, data); err != nil {
		return nil, nil, err
	}
	object.(metav1.Object).SetResourceVersion("")
	stored, err = contentOf(kind, object)
	return object, stored, err
}

// contentOf is an object as it is stored, as JSON.
func contentOf(kind *registry.Stored, object runtime.Object) (content map[string]any, err error) {
	data, err := runtime.Encode(kind.Codec, object)
	if err != nil {
		return nil, err
	}
	return content, json.Unmarshal(data, &content)
}
