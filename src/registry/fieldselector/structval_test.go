package fieldselector

import (
	"reflect"
	"testing"

	"github.com/google/cel-go/common/types"
	"github.com/google/cel-go/common/types/ref"
	"github.com/google/cel-go/common/types/traits"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/sets"
	"k8s.io/apiserver/pkg/cel/common"

	"ark.ai/apiserver/docs/samples"
	"ark.ai/apiserver/src/apis/ark/v1alpha1"
)

// TestStructVal: expressions see of objects of each kind what upstream makes of them, without their
// kind and resourceVersion.
func TestStructVal(t *testing.T) {
	t.Parallel()
	scheme := runtime.NewScheme()
	if err := v1alpha1.AddToScheme(scheme); err != nil {
		t.Fatal(err)
	}
	objects, err := samples.All()
	if err != nil {
		t.Fatal(err)
	}
	compared := 0
	for _, object := range objects {
		typed, err := scheme.New(schema.FromAPIVersionAndKind(v1alpha1.SchemeGroupVersion.String(), object.GetKind()))
		if err != nil {
			continue // It is served in another version only.
		}
		object.SetCreationTimestamp(metav1.Now())
		object.SetLabels(map[string]string{"a": "b"})
		object.SetFinalizers([]string{"a", "b"})
		object.SetOwnerReferences([]metav1.OwnerReference{{Name: "a", Controller: new(true)}})
		if err := runtime.DefaultUnstructuredConverter.FromUnstructured(object.Object, typed); err != nil {
			t.Fatalf("%s: %v", object.GetKind(), err)
		}
		seen := typed.DeepCopyObject()
		seen.GetObjectKind().SetGroupVersionKind(schema.GroupVersionKind{})
		typed.(metav1.Object).SetResourceVersion("7")
		compareVals(t, object.GetKind(), valueOf(reflect.ValueOf(typed)), common.SchemalessTypedToVal(seen))
		compared++
	}
	if compared < 10 {
		t.Errorf("%d objects were compared", compared)
	}
}

func compareVals(t *testing.T, at string, ours, upstream ref.Val) {
	t.Helper()
	if ours.Type() != upstream.Type() || ours.Equal(upstream) != types.True || upstream.Equal(ours) != types.True {
		t.Errorf("%s is %v, want %v", at, ours, upstream)
		return
	}
	if ours.ConvertToType(types.TypeType) != upstream.ConvertToType(types.TypeType) {
		t.Errorf("%s is of the type %v", at, ours.ConvertToType(types.TypeType))
	}
	theirs, ok := upstream.(traits.Mapper)
	if !ok {
		return
	}
	mapper := ours.(traits.Mapper)
	if keysOfVal(mapper).Difference(keysOfVal(theirs)).Len() > 0 || mapper.Size() != theirs.Size() {
		t.Errorf("%s has %v, want %v", at, keysOfVal(mapper), keysOfVal(theirs))
	}
	for key := range keysOfVal(theirs) {
		found, ok := mapper.Find(types.String(key))
		want, _ := theirs.Find(types.String(key))
		if !ok || mapper.Contains(types.String(key)) != types.True || mapper.Get(types.String(key)).Equal(want) != types.True {
			t.Errorf("%s has no %s", at, key)
			continue
		}
		compareVals(t, at+"."+key, found, want)
	}
	for _, missing := range []ref.Val{types.String("noSuchField"), types.String("deletionTimestamp"), types.String("resourceVersion"), types.Int(1)} {
		if fmtVal(mapper.Contains(missing)) != fmtVal(theirs.Contains(missing)) || fmtVal(mapper.Get(missing)) != fmtVal(theirs.Get(missing)) {
			t.Errorf("%s says of %v: %v, %v", at, missing, mapper.Contains(missing), mapper.Get(missing))
		}
	}
}

func keysOfVal(m traits.Mapper) sets.Set[string] {
	keys := sets.New[string]()
	for it := m.Iterator(); it.HasNext() == types.True; {
		keys.Insert(string(it.Next().(types.String)))
	}
	return keys
}

func fmtVal(v ref.Val) string {
	if types.IsError(v) {
		return v.(*types.Err).Error()
	}
	return string(v.ConvertToType(types.StringType).(types.String))
}
