package customresources

import (
	"testing"

	"k8s.io/apiextensions-apiserver/pkg/apis/apiextensions"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apiserver/pkg/admission"
)

func definition(group, plural, kind string) *apiextensions.CustomResourceDefinition {
	return &apiextensions.CustomResourceDefinition{
		ObjectMeta: metav1.ObjectMeta{Name: plural + "." + group},
		Spec: apiextensions.CustomResourceDefinitionSpec{
			Group: group,
			Names: apiextensions.CustomResourceDefinitionNames{Plural: plural, Kind: kind, ListKind: kind + "List"},
		},
	}
}

// object is nil if there is no definition.
func object(definition *apiextensions.CustomResourceDefinition) runtime.Object {
	if definition == nil {
		return nil
	}
	return definition
}

func TestWhatIsBuiltInIsProtected(t *testing.T) {
	t.Parallel()
	sonnets, agents, foreign := definition(group, "sonnets", "Sonnet"), definition(group, "agents", "Agent"), definition("example.org", "agents", "Agent")
	renamed := definition(group, "sonnets", "Agent")
	for _, test := range []struct {
		name      string
		operation admission.Operation
		now, old  *apiextensions.CustomResourceDefinition
		refused   func(error) bool
	}{
		{"a new kind", admission.Create, sonnets, nil, nil},
		{"a kind that is built in", admission.Create, agents, nil, apierrors.IsInvalid},
		{"the same kind of another group", admission.Create, foreign, nil, nil},
		{"a change of names", admission.Update, renamed, sonnets, apierrors.IsInvalid},
		{"another change of one that has been built in since", admission.Update, agents, agents, nil},
		{"the end of custom resources", admission.Delete, nil, sonnets, nil},
		{"the end of objects that are built in now", admission.Delete, nil, agents, apierrors.IsForbidden},
		{"the end of another group's", admission.Delete, nil, foreign, nil},
	} {
		kind := apiextensions.SchemeGroupVersion.WithKind("CustomResourceDefinition")
		resource := apiextensions.SchemeGroupVersion.WithResource("customresourcedefinitions")
		named := test.old
		if named == nil {
			named = test.now
		}
		attributes := admission.NewAttributesRecord(object(test.now), object(test.old), kind, "", named.Name, resource, "", test.operation, nil, false, nil)
		err := protection{}.Validate(t.Context(), attributes, nil)
		if test.refused == nil && err != nil || test.refused != nil && !test.refused(err) {
			t.Errorf("%s: %v", test.name, err)
		}
	}
}
