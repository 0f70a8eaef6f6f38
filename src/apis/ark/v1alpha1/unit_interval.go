package v1alpha1

// UnitInterval is a number from 0 to 1, as text: "0", "0.85", "1", "1.0".
//
// +k8s:customValidation
// +k8s:validation:pattern>^(0(\.[0-9]+)?|1(\.0+)?)$
type UnitInterval string
