package v1alpha1

// UnitInterval is a number from 0 to 1, as text: "0", "0.85", "1", "1.0".
//
// +k8s:customValidation
type UnitInterval string
