package controllers

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/tools/cache"
)

// TestMetadataInformer: what handlers are told adds up to what is listed and to what there is,
// whenever they come, and whatever a reflector misses.
func TestMetadataInformer(t *testing.T) {
	t.Parallel()
	for seed := range uint64(200) {
		choice := rand.New(rand.NewPCG(seed, 0))
		informer := newMetadataInformer()
		if informer.HasSynced() {
			t.Fatal("synced before the first list")
		}
		var told []map[types.UID]string
		listen := func() {
			objects := make(map[types.UID]string)
			told = append(told, objects)
			if _, err := informer.AddEventHandlerWithResyncPeriod(follower(t, objects), 0); err != nil {
				t.Fatal(err)
			}
		}
		listen()
		there := make(map[types.UID]*metav1.PartialObjectMetadata)
		for step := range 60 {
			object := randomObject(choice)
			_, exists := there[object.UID]
			var err error
			switch choice.IntN(8) {
			case 0: // all that happened since was missed
				for range 5 {
					missed := randomObject(choice)
					if there[missed.UID] = missed; choice.IntN(2) == 0 {
						delete(there, missed.UID)
					}
				}
				var objects []any
				for _, o := range there {
					objects = append(objects, o.DeepCopy())
				}
				err = informer.Replace(objects, "")
			case 1:
				listen()
			case 2, 3:
				delete(there, object.UID)
				if exists {
					err = informer.Delete(object.DeepCopy())
				}
			default:
				there[object.UID] = object
				err = informer.Update(object.DeepCopy())
			}
			if err != nil {
				t.Fatal(err)
			}
			for _, namespace := range []string{metav1.NamespaceAll, "one", "two"} {
				want := make(map[types.UID]string)
				for uid, o := range there {
					if namespace == metav1.NamespaceAll || o.Namespace == namespace {
						want[uid] = description(o)
					}
				}
				objects, err := informer.ByNamespace(namespace).List(labels.Everything())
				if err != nil {
					t.Fatal(err)
				}
				listed := make(map[types.UID]string)
				for _, o := range objects {
					uid, _ := identity(o)
					listed[uid] = description(o)
				}
				got := []map[types.UID]string{listed}
				if namespace == metav1.NamespaceAll {
					got = append(got, told...)
				}
				for _, got := range got {
					if !maps.Equal(got, want) {
						t.Fatalf("seed %d, step %d, namespace %q: got %v, want %v", seed, step, namespace, got, want)
					}
				}
			}
		}
	}
}

// follower keeps what it is told.
func follower(t *testing.T, objects map[types.UID]string) cache.ResourceEventHandler {
	have := func(o any, want bool) types.UID {
		uid, _ := identity(o)
		if _, have := objects[uid]; have != want {
			t.Errorf("%s: it is known: %v, want %v", description(o), have, want)
		}
		return uid
	}
	return cache.ResourceEventHandlerFuncs{
		AddFunc: func(o any) { objects[have(o, false)] = description(o) },
		UpdateFunc: func(before, after any) {
			uid := have(after, true)
			if objects[uid] != description(before) {
				t.Errorf("it was %s, not %s", objects[uid], description(before))
			}
			objects[uid] = description(after)
		},
		DeleteFunc: func(o any) { delete(objects, have(o, true)) },
	}
}

func description(object any) string {
	switch o := object.(type) {
	case *unowned:
		m := o.GetObjectMeta()
		return fmt.Sprintf("%s/%s", m.GetNamespace(), m.GetName())
	case *metav1.PartialObjectMetadata:
		if o.DeletionTimestamp == nil && len(o.OwnerReferences) == 0 {
			return fmt.Sprintf("%s/%s", o.Namespace, o.Name)
		}
		return fmt.Sprintf("%s/%s of %v, deleted at %v", o.Namespace, o.Name, o.OwnerReferences, o.DeletionTimestamp)
	}
	return fmt.Sprint(object)
}

// randomObject is one of few objects, in one of few states.
func randomObject(choice *rand.Rand) *metav1.PartialObjectMetadata {
	n := choice.IntN(8)
	object := &metav1.PartialObjectMetadata{ObjectMeta: metav1.ObjectMeta{
		Name: fmt.Sprintf("n-%d", n%4), Namespace: []string{"", "one", "two"}[n%3], UID: types.UID(fmt.Sprintf("6a4b8f4e-0000-4000-8000-%012d", n)),
	}}
	if n == 0 {
		object.UID = "not as this server makes them"
	}
	switch choice.IntN(4) {
	case 0:
		object.OwnerReferences = []metav1.OwnerReference{{Name: fmt.Sprint(choice.IntN(3))}}
	case 1:
		object.DeletionTimestamp = new(metav1.Unix(choice.Int64N(3), 0))
	}
	return object
}
