package v1alpha1

import (
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// ValidateEvaluation checks that the configuration fits the mode, and the evaluator's parameters.
func ValidateEvaluation(evaluation *Evaluation) field.ErrorList {
	var errs field.ErrorList
	if config := evaluation.Spec.Config; config != nil {
		errs = append(errs, validateEvaluationConfig(specPath.Child("config"), evaluation.Spec.Type, config)...)
	}
	if evaluator := evaluation.Spec.Evaluator; evaluator != nil {
		for i, parameter := range evaluator.Parameters {
			if !isWritten(parameter.Value) {
				errs = append(errs, field.Required(specPath.Child("evaluator", "parameters").Index(i).Child("value"),
					"an evaluator's parameter needs a literal value"))
			}
		}
	}
	return errs
}

func validateEvaluationConfig(path *field.Path, mode EvaluationType, config *EvaluationConfig) field.ErrorList {
	var errs field.ErrorList
	need := func(name string, set bool) {
		if !set {
			errs = append(errs, field.Required(path.Child(name), "an evaluation of type "+string(mode)+" needs it"))
		}
	}
	refuse := func(name string, set bool) {
		if set {
			errs = append(errs, field.Forbidden(path.Child(name), "an evaluation of type "+string(mode)+" has none"))
		}
	}
	switch mode {
	case EvaluationDirect:
		need("input", isWritten(config.Input))
		need("output", isWritten(config.Output))
		refuse("queryRef", config.QueryRef != nil)
	case EvaluationQuery:
		need("queryRef", config.QueryRef != nil)
		refuse("input", isWritten(config.Input))
		refuse("output", isWritten(config.Output))
	case EvaluationBatch:
		need("evaluations", len(config.Evaluations) > 0)
		refuse("input", isWritten(config.Input))
		refuse("output", isWritten(config.Output))
	case EvaluationEvent:
		need("rules", len(config.Rules) > 0)
	}
	return errs
}
