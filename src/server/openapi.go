package server

import (
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/types"
	genericapiserver "k8s.io/apiserver/pkg/server"
	"k8s.io/kube-openapi/pkg/spec3"
	"k8s.io/kube-openapi/pkg/validation/spec"

	"ark.ai/apiserver/src/apis/ark/v1alpha1"
)

// HideStrategicMergePatch keeps kubectl apply from computing strategic merge patches of the group,
// by not documenting that they are served. For a map with patch strategy "replace" kubectl would
// send the map each time, changed or not, and call the object "configured". Like this it does what
// it does for custom resources: it sends JSON merge patches.
func HideStrategicMergePatch(config *genericapiserver.Config) {
	group := "/apis/" + v1alpha1.GroupName + "/"
	config.OpenAPIConfig.PostProcessSpec = func(document *spec.Swagger) (*spec.Swagger, error) {
		for path, item := range document.Paths.Paths {
			if strings.HasPrefix(path, group) && item.Patch != nil {
				item.Patch.Consumes = slices.DeleteFunc(slices.Clone(item.Patch.Consumes), func(t string) bool { return t == string(types.StrategicMergePatchType) })
			}
		}
		return document, nil
	}
	config.OpenAPIV3Config.PostProcessSpec = func(document *spec3.OpenAPI) (*spec3.OpenAPI, error) {
		for path, item := range document.Paths.Paths {
			if strings.HasPrefix(path, group) && item.Patch != nil && item.Patch.RequestBody != nil {
				delete(item.Patch.RequestBody.Content, string(types.StrategicMergePatchType))
			}
		}
		return document, nil
	}
}
