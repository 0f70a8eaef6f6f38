package v1alpha1

import (
	"fmt"
	"slices"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"
	"k8s.io/utils/ptr"
)

// The Validate functions check what spans several fields of one object. They run on writes to the
// main resource, never on status writes, and may assume nothing about the object: the checks of
// single fields run beside them and report their own errors.

var specPath = field.NewPath("spec")

// ValidateAgent checks parameters, overrides and the names of built-in tools.
func ValidateAgent(agent *Agent) field.ErrorList {
	errs := validateParameters(specPath.Child("parameters"), agent.Spec.Parameters)
	errs = append(errs, validateOverrides(specPath.Child("overrides"), agent.Spec.Overrides)...)
	for i, tool := range agent.Spec.Tools {
		if tool.Type == AgentToolBuiltIn && tool.Name != "" && !slices.Contains(builtins, tool.Name) {
			errs = append(errs, field.NotSupported(specPath.Child("tools").Index(i).Child("name"), tool.Name, builtins))
		}
	}
	return errs
}

// ValidateModel checks that the provider has its block of settings, and the headers of all blocks.
func ValidateModel(model *Model) field.ErrorList {
	config := model.Spec.Config
	if config == nil {
		return nil
	}
	var errs field.ErrorList
	path := specPath.Child("config")
	present := map[ModelProvider]bool{
		ProviderOpenAI:    config.OpenAI != nil,
		ProviderAzure:     config.Azure != nil,
		ProviderBedrock:   config.Bedrock != nil,
		ProviderAnthropic: config.Anthropic != nil,
	}
	if has, known := present[model.Spec.Provider]; known && !has {
		errs = append(errs, field.Required(path.Child(string(model.Spec.Provider)),
			fmt.Sprintf("provider %s needs its settings", model.Spec.Provider)))
	}
	if config.OpenAI != nil {
		errs = append(errs, validateHeaders(path.Child("openai", "headers"), config.OpenAI.Headers)...)
	}
	if config.Azure != nil {
		errs = append(errs, validateHeaders(path.Child("azure", "headers"), config.Azure.Headers)...)
	}
	if config.Anthropic != nil {
		errs = append(errs, validateHeaders(path.Child("anthropic", "headers"), config.Anthropic.Headers)...)
	}
	return errs
}

// ValidateQuery checks that somebody is asked, parameters and overrides. A query that is being
// deleted is not checked, so that its finalizer can always be removed.
func ValidateQuery(query *Query) field.ErrorList {
	if query.DeletionTimestamp != nil {
		return nil
	}
	spec := &query.Spec
	var errs field.ErrorList
	if spec.Target == nil && len(spec.Targets) == 0 && spec.Selector == nil {
		errs = append(errs, field.Required(specPath.Child("target"), "one of target and selector is needed"))
	}
	if len(spec.Evaluators) > 0 && spec.EvaluatorSelector != nil {
		errs = append(errs, field.Forbidden(specPath.Child("evaluatorSelector"), "evaluators are named already"))
	}
	errs = append(errs, validateParameters(specPath.Child("parameters"), spec.Parameters)...)
	return append(errs, validateOverrides(specPath.Child("overrides"), spec.Overrides)...)
}

// ValidateMCPServer checks the address, the headers and the poll interval.
func ValidateMCPServer(server *MCPServer) field.ErrorList {
	errs := validateAddress(specPath.Child("address"), server.Spec.Address)
	errs = append(errs, validateHeaders(specPath.Child("headers"), server.Spec.Headers)...)
	return append(errs, validateNotNegative(specPath.Child("pollInterval"), server.Spec.PollInterval)...)
}

// ValidateA2AServer checks the address, the headers, whose names must be unique, and the poll
// interval.
func ValidateA2AServer(server *A2AServer) field.ErrorList {
	errs := validateAddress(specPath.Child("address"), server.Spec.Address)
	headers := specPath.Child("headers")
	errs = append(errs, validateHeaders(headers, server.Spec.Headers)...)
	seen := map[string]bool{}
	for i, header := range server.Spec.Headers {
		if seen[header.Name] {
			errs = append(errs, field.Duplicate(headers.Index(i).Child("name"), header.Name))
		}
		seen[header.Name] = header.Name != ""
	}
	return append(errs, validateNotNegative(specPath.Child("pollInterval"), server.Spec.PollInterval)...)
}

// ValidateEvaluator checks the address.
func ValidateEvaluator(evaluator *Evaluator) field.ErrorList {
	return validateAddress(specPath.Child("address"), evaluator.Spec.Address)
}

// ValidateExecutionEngine checks the name, which must not be the reserved one, and the address,
// which an engine that is deployed from a source may lack.
func ValidateExecutionEngine(engine *ExecutionEngine) field.ErrorList {
	var errs field.ErrorList
	if engine.Name == reservedEngine {
		errs = append(errs, field.Invalid(field.NewPath("metadata", "name"), engine.Name, "the name is reserved for remote agents"))
	}
	path := specPath.Child("address")
	if engine.Spec.Address == nil && engine.Spec.Source == nil {
		errs = append(errs, field.Required(path, "an engine without source needs an address"))
	}
	return append(errs, validateAddress(path, engine.Spec.Address)...)
}

// reservedEngine is the name by which agents say that they are remote.
const reservedEngine = "a2a"

// builtins are the tools of the controller itself.
var builtins = []string{"noop", "terminate"}

// validateParameters checks that each parameter has exactly one value.
func validateParameters(path *field.Path, parameters []Parameter) field.ErrorList {
	var errs field.ErrorList
	for i, parameter := range parameters {
		at := path.Index(i)
		errs = append(errs, validateExactlyOne(at, parameter.Value, parameter.ValueFrom != nil)...)
		if from := parameter.ValueFrom; from != nil {
			errs = append(errs, validateOneSource(at.Child("valueFrom"), from.SecretKeyRef, from.ConfigMapKeyRef,
				from.ServiceRef != nil, from.QueryParameterRef != nil)...)
		}
	}
	return errs
}

// validateHeaders checks that each header has exactly one value.
func validateHeaders(path *field.Path, headers []Header) field.ErrorList {
	var errs field.ErrorList
	for i, header := range headers {
		if header.Value == nil {
			continue
		}
		at := path.Index(i).Child("value")
		errs = append(errs, validateExactlyOne(at, header.Value.Value, header.Value.ValueFrom != nil)...)
		if from := header.Value.ValueFrom; from != nil {
			errs = append(errs, validateOneSource(at.Child("valueFrom"), from.SecretKeyRef, from.ConfigMapKeyRef,
				from.QueryParameterRef != nil)...)
		}
	}
	return errs
}

func validateOverrides(path *field.Path, overrides []Override) field.ErrorList {
	var errs field.ErrorList
	for i, override := range overrides {
		errs = append(errs, validateHeaders(path.Index(i).Child("headers"), override.Headers)...)
	}
	return errs
}

// validateAddress checks that an address, if present, has exactly one value.
func validateAddress(path *field.Path, address *ValueSource) field.ErrorList {
	if address == nil {
		return nil
	}
	return validateExactlyOne(path, address.Value, address.ValueFrom != nil)
}

func validateExactlyOne(path *field.Path, value *string, valueFrom bool) field.ErrorList {
	switch {
	case isWritten(value) && valueFrom:
		return field.ErrorList{field.Invalid(path, "", "value and valueFrom exclude each other")}
	case !isWritten(value) && !valueFrom:
		return field.ErrorList{field.Required(path, "one of value and valueFrom is needed")}
	}
	return nil
}

// validateOneSource checks that exactly one source is set, and that references to secrets and
// config maps, whose names the core types leave optional, have one.
func validateOneSource(path *field.Path, secret *corev1.SecretKeySelector, configMap *corev1.ConfigMapKeySelector, others ...bool) field.ErrorList {
	var errs field.ErrorList
	sources := 0
	for _, set := range append(others, secret != nil, configMap != nil) {
		if set {
			sources++
		}
	}
	switch {
	case sources == 0:
		errs = append(errs, field.Required(path, "a source is needed"))
	case sources > 1:
		errs = append(errs, field.Invalid(path, "", "only one source may be set"))
	}
	if secret != nil && secret.Name == "" {
		errs = append(errs, field.Required(path.Child("secretKeyRef", "name"), ""))
	}
	if configMap != nil && configMap.Name == "" {
		errs = append(errs, field.Required(path.Child("configMapKeyRef", "name"), ""))
	}
	return errs
}

// isWritten treats an empty text like none.
func isWritten(text *string) bool { return ptr.Deref(text, "") != "" }

func validateNotNegative(path *field.Path, duration Duration) field.ErrorList {
	if span, err := duration.Parse(); err == nil && span < 0 {
		return field.ErrorList{field.Invalid(path, string(duration), "must not be negative")}
	}
	return nil
}
