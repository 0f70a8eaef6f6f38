package crds

import (
	"fmt"

	"k8s.io/apimachinery/pkg/runtime"
	"sigs.k8s.io/yaml"
)

// Files returns the definitions of a group as manifests, by the names that controller-gen gives
// such files: ark.ai_agents.yaml.
func Files(group string) (map[string][]byte, error) {
	definitions, err := Definitions(group)
	if err != nil {
		return nil, err
	}
	files := make(map[string][]byte, len(definitions))
	for _, definition := range definitions {
		object, err := runtime.DefaultUnstructuredConverter.ToUnstructured(definition)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", definition.Name, err)
		}
		delete(object, "status") // an empty one has values
		text, err := yaml.Marshal(object)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", definition.Name, err)
		}
		files[group+"_"+definition.Spec.Names.Plural+".yaml"] = append([]byte("---\n"), text...)
	}
	return files, nil
}
