// Package fieldselector decides field selectors that ask more than whether a selectable field
// equals a value: all scalar fields of a kind, compared with >=, <=, ^= (prefix) and ~= (words); an
// expression in CEL; an order and how many are wanted of it.
//
// Every client passes such selectors on, because they are ordinary terms whose key ends with the
// first character of the operator: "status.duration>=5m" is the key "status.duration>" and the
// value "5m" to the parser of k8s.io/apimachinery.
//
// # Caveats
//
// A comparison that can't be made, such as that of a field which an object does not have, is false;
// so is an expression that fails. Only != holds for absent fields.
package fieldselector
