package customresources

import (
	"reflect"
	"testing"

	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

func TestOnlyVersionsThatAreServedAreRegistered(t *testing.T) {
	t.Parallel()
	define := func(group, plural string, established apiextensionsv1.ConditionStatus) *apiextensionsv1.CustomResourceDefinition {
		return &apiextensionsv1.CustomResourceDefinition{
			ObjectMeta: metav1.ObjectMeta{Name: plural + "." + group},
			Spec: apiextensionsv1.CustomResourceDefinitionSpec{
				Group: group, Names: apiextensionsv1.CustomResourceDefinitionNames{Plural: plural},
				Versions: []apiextensionsv1.CustomResourceDefinitionVersion{{Name: "v1alpha1", Served: true}, {Name: "v9", Served: true}},
			},
			Status: apiextensionsv1.CustomResourceDefinitionStatus{Conditions: []apiextensionsv1.CustomResourceDefinitionCondition{
				{Type: apiextensionsv1.Established, Status: established},
			}},
		}
	}
	for _, test := range []struct {
		name       string
		definition *apiextensionsv1.CustomResourceDefinition
		want       []string
	}{
		{"a new kind", define(group, "sonnets", apiextensionsv1.ConditionTrue), []string{"v9"}},
		{"one whose names are not accepted", define(group, "sonnets", apiextensionsv1.ConditionFalse), nil},
		{"one that has been built in since", define(group, "agents", apiextensionsv1.ConditionTrue), nil},
		{"another group's", define("example.org", "agents", apiextensionsv1.ConditionFalse), []string{"v1alpha1", "v9"}},
	} {
		// Informers do this to what they have done it to.
		var object any = test.definition
		for range 2 {
			var err error
			if object, err = registered(object); err != nil {
				t.Fatal(err)
			}
		}
		var got []string
		for _, version := range object.(*apiextensionsv1.CustomResourceDefinition).Spec.Versions {
			if version.Served {
				got = append(got, version.Name)
			}
		}
		if !reflect.DeepEqual(got, test.want) {
			t.Errorf("%s has versions %v, not %v", test.name, got, test.want)
		}
	}
}
