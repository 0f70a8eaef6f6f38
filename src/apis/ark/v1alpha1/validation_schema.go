package v1alpha1

import (
	"context"
	"regexp"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/operation"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	metav1validation "k8s.io/apimachinery/pkg/apis/meta/v1/validation"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// This file holds the checks of single fields that no +k8s: tag can express. The generated validation
// calls the ValidateCustom_ functions by name, on spec and status writes alike, and leaves fields alone
// that an update does not change.

// The patterns are part of the API contract; the error messages quote them.
var (
	unitIntervalPattern    = regexp.MustCompile(`^(0(\.[0-9]+)?|1(\.0+)?)$`)
	httpURLPattern         = regexp.MustCompile(`^https?://.*`)
	httpTimeoutPattern     = regexp.MustCompile(`^[0-9]+[smh]?$`)
	toolCallTimeoutPattern = regexp.MustCompile(`^([0-9]+(\.[0-9]+)?(ms|s|m|h))+$`)
	endpointHostPattern    = regexp.MustCompile(`^(\*\.)?[a-zA-Z0-9]([-a-zA-Z0-9]*[a-zA-Z0-9])?(\.[a-zA-Z0-9]([-a-zA-Z0-9]*[a-zA-Z0-9])?)*(:[0-9]{1,5})?$`)
)

// maxEndpointHostLength is a DNS name of 253 characters and a port.
const maxEndpointHostLength = 259

func ValidateCustom_Duration(_ context.Context, _ operation.Operation, path *field.Path, value, _ *Duration) field.ErrorList {
	if _, err := value.Parse(); err != nil {
		return field.ErrorList{field.Invalid(path, string(*value), `must be a duration such as "300ms", "5m" or "1h30m"`)}
	}
	return nil
}

func ValidateCustom_UnitInterval(_ context.Context, _ operation.Operation, path *field.Path, value, _ *UnitInterval) field.ErrorList {
	return validatePattern(path, string(*value), unitIntervalPattern)
}

func ValidateCustom_JSONObject(_ context.Context, _ operation.Operation, path *field.Path, value, _ *JSONObject) field.ErrorList {
	if !value.IsObject() {
		return field.ErrorList{field.Invalid(path, string(value.Raw), "must be a JSON object")}
	}
	return nil
}

func ValidateCustom_ValueFrom(_ context.Context, _ operation.Operation, path *field.Path, value, _ *ValueFrom) field.ErrorList {
	return append(validateSecretKey(path.Child("secretKeyRef"), value.SecretKeyRef),
		validateConfigMapKey(path.Child("configMapKeyRef"), value.ConfigMapKeyRef)...)
}

func ValidateCustom_HeaderValueFrom(_ context.Context, _ operation.Operation, path *field.Path, value, _ *HeaderValueFrom) field.ErrorList {
	return append(validateSecretKey(path.Child("secretKeyRef"), value.SecretKeyRef),
		validateConfigMapKey(path.Child("configMapKeyRef"), value.ConfigMapKeyRef)...)
}

func ValidateCustom_Override_LabelSelector(_ context.Context, _ operation.Operation, path *field.Path, value, _ *metav1.LabelSelector) field.ErrorList {
	return validateLabelSelector(path, value)
}

func ValidateCustom_ResourceSelector_LabelSelector(_ context.Context, _ operation.Operation, path *field.Path, value, _ *metav1.LabelSelector) field.ErrorList {
	return validateLabelSelector(path, value)
}

func ValidateCustom_ResourceSelector_NamespaceSelector(_ context.Context, _ operation.Operation, path *field.Path, value, _ *metav1.LabelSelector) field.ErrorList {
	return validateLabelSelector(path, value)
}

func ValidateCustom_EvaluationConfig_QuerySelector(_ context.Context, _ operation.Operation, path *field.Path, value, _ *metav1.LabelSelector) field.ErrorList {
	return validateLabelSelector(path, value)
}

func ValidateCustom_QuerySpec_Selector(_ context.Context, _ operation.Operation, path *field.Path, value, _ *metav1.LabelSelector) field.ErrorList {
	return validateLabelSelector(path, value)
}

func ValidateCustom_QuerySpec_EvaluatorSelector(_ context.Context, _ operation.Operation, path *field.Path, value, _ *metav1.LabelSelector) field.ErrorList {
	return validateLabelSelector(path, value)
}

func ValidateCustom_HTTPTool_URL(_ context.Context, _ operation.Operation, path *field.Path, value, _ *string) field.ErrorList {
	return validatePattern(path, *value, httpURLPattern)
}

func ValidateCustom_HTTPTool_Timeout(_ context.Context, _ operation.Operation, path *field.Path, value, _ *string) field.ErrorList {
	return validatePattern(path, *value, httpTimeoutPattern)
}

func ValidateCustom_MCPServerSpec_ToolCallTimeout(_ context.Context, _ operation.Operation, path *field.Path, value, _ *string) field.ErrorList {
	return validatePattern(path, *value, toolCallTimeoutPattern)
}

func ValidateCustom_A2AServerSpec_AllowedEndpointHosts(_ context.Context, _ operation.Operation, path *field.Path, value, _ []string) field.ErrorList {
	var errs field.ErrorList
	for i, host := range value {
		if len(host) > maxEndpointHostLength {
			errs = append(errs, field.TooLong(path.Index(i), host, maxEndpointHostLength))
			continue
		}
		errs = append(errs, validatePattern(path.Index(i), host, endpointHostPattern)...)
	}
	return errs
}

// The lists below are required but may be empty, which +k8s:required would refuse.

func ValidateCustom_TeamSpec(_ context.Context, _ operation.Operation, path *field.Path, value, _ *TeamSpec) field.ErrorList {
	return validatePresent(path.Child("members"), value.Members)
}

func ValidateCustom_TeamGraph(_ context.Context, _ operation.Operation, path *field.Path, value, _ *TeamGraph) field.ErrorList {
	return validatePresent(path.Child("edges"), value.Edges)
}

func ValidateCustom_A2AArtifact(_ context.Context, _ operation.Operation, path *field.Path, value, _ *A2AArtifact) field.ErrorList {
	return validatePresent(path.Child("parts"), value.Parts)
}

func ValidateCustom_A2AMessage(_ context.Context, _ operation.Operation, path *field.Path, value, _ *A2AMessage) field.ErrorList {
	return validatePresent(path.Child("parts"), value.Parts)
}

func ValidateCustom_AgentStatus_Conditions(_ context.Context, _ operation.Operation, path *field.Path, value, _ []metav1.Condition) field.ErrorList {
	return validateConditions(path, value)
}

func ValidateCustom_ModelStatus_Conditions(_ context.Context, _ operation.Operation, path *field.Path, value, _ []metav1.Condition) field.ErrorList {
	return validateConditions(path, value)
}

func ValidateCustom_TeamStatus_Conditions(_ context.Context, _ operation.Operation, path *field.Path, value, _ []metav1.Condition) field.ErrorList {
	return validateConditions(path, value)
}

func ValidateCustom_QueryStatus_Conditions(_ context.Context, _ operation.Operation, path *field.Path, value, _ []metav1.Condition) field.ErrorList {
	return validateConditions(path, value)
}

func ValidateCustom_MCPServerStatus_Conditions(_ context.Context, _ operation.Operation, path *field.Path, value, _ []metav1.Condition) field.ErrorList {
	return validateConditions(path, value)
}

func ValidateCustom_EvaluationStatus_Conditions(_ context.Context, _ operation.Operation, path *field.Path, value, _ []metav1.Condition) field.ErrorList {
	return validateConditions(path, value)
}

func ValidateCustom_A2AServerStatus_Conditions(_ context.Context, _ operation.Operation, path *field.Path, value, _ []metav1.Condition) field.ErrorList {
	return validateConditions(path, value)
}

func ValidateCustom_A2ATaskStatus_Conditions(_ context.Context, _ operation.Operation, path *field.Path, value, _ []metav1.Condition) field.ErrorList {
	return validateConditions(path, value)
}

func validatePattern(path *field.Path, value string, pattern *regexp.Regexp) field.ErrorList {
	if !pattern.MatchString(value) {
		return field.ErrorList{field.Invalid(path, value, "must match "+pattern.String())}
	}
	return nil
}

func validatePresent[T any](path *field.Path, list []T) field.ErrorList {
	if list == nil {
		return field.ErrorList{field.Required(path, "")}
	}
	return nil
}

func validateSecretKey(path *field.Path, ref *corev1.SecretKeySelector) field.ErrorList {
	if ref != nil && ref.Key == "" {
		return field.ErrorList{field.Required(path.Child("key"), "")}
	}
	return nil
}

func validateConfigMapKey(path *field.Path, ref *corev1.ConfigMapKeySelector) field.ErrorList {
	if ref != nil && ref.Key == "" {
		return field.ErrorList{field.Required(path.Child("key"), "")}
	}
	return nil
}

// validateLabelSelector asks for what the contract asks for: keys and operators. Which operators there
// are is left to those who evaluate the selector.
func validateLabelSelector(path *field.Path, selector *metav1.LabelSelector) field.ErrorList {
	var errs field.ErrorList
	if selector == nil {
		return nil
	}
	for i, expression := range selector.MatchExpressions {
		at := path.Child("matchExpressions").Index(i)
		if expression.Key == "" {
			errs = append(errs, field.Required(at.Child("key"), ""))
		}
		if expression.Operator == "" {
			errs = append(errs, field.Required(at.Child("operator"), ""))
		}
	}
	return errs
}

// validateConditions checks each entry. Two entries of one type are tolerated, as the lists are atomic.
func validateConditions(path *field.Path, conditions []metav1.Condition) field.ErrorList {
	var errs field.ErrorList
	for i, condition := range conditions {
		errs = append(errs, metav1validation.ValidateCondition(condition, path.Index(i))...)
	}
	return errs
}
