package customresources

import (
	"slices"
	"time"

	"k8s.io/apiextensions-apiserver/pkg/apihelpers"
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apiextensions-apiserver/pkg/client/clientset/clientset"
	"k8s.io/apiextensions-apiserver/pkg/client/informers/externalversions"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// NewDefinitions are informers of definitions for upstream's controller that makes an APIService of
// every version of a group, and deletes it when no definition has the version any more. It does not
// see versions that the server has itself, nor those of which nothing is served.
func NewDefinitions(client clientset.Interface) externalversions.SharedInformerFactory {
	const resyncPeriod = 5 * time.Minute
	return externalversions.NewSharedInformerFactoryWithOptions(client, resyncPeriod, externalversions.WithTransform(registered))
}

// registered keeps of a definition what there is to register. Informers may hand it what it has
// returned before.
func registered(object any) (any, error) {
	definition, ok := object.(*apiextensionsv1.CustomResourceDefinition)
	if !ok {
		return object, nil
	}
	kept := &apiextensionsv1.CustomResourceDefinition{
		ObjectMeta: metav1.ObjectMeta{Name: definition.Name, UID: definition.UID, ResourceVersion: definition.ResourceVersion},
		Spec:       apiextensionsv1.CustomResourceDefinitionSpec{Group: definition.Spec.Group, Names: definition.Spec.Names},
		Status:     apiextensionsv1.CustomResourceDefinitionStatus{Conditions: definition.Status.Conditions},
	}
	for _, version := range definition.Spec.Versions {
		kept.Spec.Versions = append(kept.Spec.Versions, apiextensionsv1.CustomResourceDefinitionVersion{Name: version.Name, Served: version.Served})
	}
	if definition.Spec.Group == group {
		served := !isBuiltIn(definition.Spec.Names.Plural) && apihelpers.IsCRDConditionTrue(definition, apiextensionsv1.Established)
		kept.Spec.Versions = slices.DeleteFunc(kept.Spec.Versions, func(version apiextensionsv1.CustomResourceDefinitionVersion) bool {
			return !served || hasBuiltIn(version.Name)
		})
	}
	return kept, nil
}
