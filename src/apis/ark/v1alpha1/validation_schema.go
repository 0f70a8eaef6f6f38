package v1alpha1

import (
	"context"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/operation"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	metav1validation "k8s.io/apimachinery/pkg/apis/meta/v1/validation"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// This file holds the checks of single fields that no tag can express. The generated validation
// calls the ValidateCustom_ functions by name, on spec and status writes alike, and leaves fields
// alone that an update does not change.

func ValidateCustom_Duration(_ context.Context, _ operation.Operation, path *field.Path, value, _ *Duration) field.ErrorList {
	if _, err := value.Parse(); err != nil {
		return field.ErrorList{field.Invalid(path, string(*value), `must be a duration such as "300ms", "5m" or "1h30m"`)}
	}
	return nil
}

func ValidateCustom_JSONObject(_ context.Context, _ operation.Operation, path *field.Path, value, _ *JSONObject) field.ErrorList {
	if !value.IsObject() {
		return field.ErrorList{field.Invalid(path, value.Raw, "must be a JSON object")}
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

// validateLabelSelector asks for what the contract asks for: keys and operators. Which operators
// there are is left to those who evaluate the selector.
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

// validateConditions checks each entry. Two entries of one type are tolerated, as the lists are
// atomic.
func validateConditions(path *field.Path, conditions []metav1.Condition) field.ErrorList {
	var errs field.ErrorList
	for i, condition := range conditions {
		errs = append(errs, metav1validation.ValidateCondition(condition, path.Index(i))...)
	}
	return errs
}
