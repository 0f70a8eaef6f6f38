package schemas

import (
	_ "embed"
	"encoding/json"

	"sigs.k8s.io/yaml"
)

//go:embed kubernetes.yaml
var kubernetesFile []byte

// kubernetes are further keywords of properties, by Go type and name.
var kubernetes = func() (keywords map[string]json.RawMessage) {
	if err := yaml.UnmarshalStrict(kubernetesFile, &keywords); err != nil {
		panic(err) // it is compiled in
	}
	return keywords
}()
