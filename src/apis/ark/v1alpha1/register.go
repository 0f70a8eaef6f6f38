package v1alpha1

import (
	"fmt"
	"slices"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// GroupName is the API group of every kind in this package.
const GroupName = "ark.ai"

var (
	// SchemeGroupVersion is the group and version the types are served as.
	SchemeGroupVersion = schema.GroupVersion{Group: GroupName, Version: "v1alpha1"}

	// internalGroupVersion is the in-memory hub of the group. It has the same Go types.
	internalGroupVersion = schema.GroupVersion{Group: GroupName, Version: runtime.APIVersionInternal}

	// SchemeBuilder collects the functions that AddToScheme runs.
	SchemeBuilder = runtime.NewSchemeBuilder(addKnownTypes)

	localSchemeBuilder = &SchemeBuilder

	// AddToScheme registers the types, their defaults and their declarative validation, as clients and
	// servers need them.
	AddToScheme = SchemeBuilder.AddToScheme
)

func init() {
	localSchemeBuilder.Register(RegisterDefaults, RegisterValidations)
}

// Kind returns the group-qualified kind.
func Kind(kind string) schema.GroupKind { return SchemeGroupVersion.WithKind(kind).GroupKind() }

// Resource returns the group-qualified resource.
func Resource(resource string) schema.GroupResource {
	return SchemeGroupVersion.WithResource(resource).GroupResource()
}

var knownTypes = []runtime.Object{
	&A2AServer{}, &A2AServerList{},
	&A2ATask{}, &A2ATaskList{},
	&Agent{}, &AgentList{},
	&Evaluation{}, &EvaluationList{},
	&Evaluator{}, &EvaluatorList{},
	&ExecutionEngine{}, &ExecutionEngineList{},
	&MCPServer{}, &MCPServerList{},
	&Memory{}, &MemoryList{},
	&Model{}, &ModelList{},
	&Query{}, &QueryList{},
	&Team{}, &TeamList{},
	&Tool{}, &ToolList{},
}

func addKnownTypes(scheme *runtime.Scheme) error {
	scheme.AddKnownTypes(SchemeGroupVersion, knownTypes...)
	metav1.AddToGroupVersion(scheme, SchemeGroupVersion)
	return nil
}

// AddInternalToScheme registers the types a second time, as the group's internal version, which is what
// a server's handlers and storage work on. Clients must not call it.
func AddInternalToScheme(scheme *runtime.Scheme) error {
	scheme.AddKnownTypes(internalGroupVersion, knownTypes...)
	return nil
}

// AddSelectableFields lets field selectors on kind name the given fields besides metadata.name and
// metadata.namespace. A selector that names any other field is answered with 400.
func AddSelectableFields(scheme *runtime.Scheme, kind string, fields ...string) error {
	return scheme.AddFieldLabelConversionFunc(SchemeGroupVersion.WithKind(kind),
		func(label, value string) (string, string, error) {
			if label == "metadata.name" || label == "metadata.namespace" || slices.Contains(fields, label) {
				return label, value, nil
			}
			return "", "", fmt.Errorf("field label not supported: %s", label)
		})
}
