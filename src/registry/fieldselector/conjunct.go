package fieldselector

import (
	"slices"
	"strconv"
	"strings"

	"github.com/google/cel-go/common/ast"
	"github.com/google/cel-go/common/operators"
	"github.com/google/cel-go/common/types"
	"github.com/google/cel-go/common/types/ref"
)

// maxExact is below where integers and floats compare with each other as they are: CEL rounds.
const maxExact = 1 << 53

// typesOf are those of fields that functions are applied to: others hold texts that a selector
// compares as texts.
var typesOf = map[string]Type{"timestamp": Time, "duration": Duration}

// comparison of a field with a constant, within an expression.
type comparison struct {
	path string
	// function makes a value of the field's text and of the constant's: timestamp, duration, or "".
	function string
	operator operator
	text     string
}

// conjuncts are what has to be true if an expression is, as far as it compares fields with
// constants: each list has alternatives about the same field.
func conjuncts(e ast.Expr) [][]comparison {
	if e.Kind() != ast.CallKind {
		return nil
	}
	if call := e.AsCall(); call.FunctionName() == operators.LogicalAnd {
		return append(conjuncts(call.Args()[0]), conjuncts(call.Args()[1])...)
	}
	if all := alternatives(e); len(all) > 0 {
		return [][]comparison{all}
	}
	return nil
}

// alternatives are comparisons of one field, of which one is true if an expression is.
func alternatives(e ast.Expr) []comparison {
	if e.Kind() != ast.CallKind {
		return nil
	}
	call := e.AsCall()
	args := call.Args()
	switch call.FunctionName() {
	case operators.LogicalOr:
		one, other := alternatives(args[0]), alternatives(args[1])
		if len(one) == 0 || len(other) == 0 || one[0].path != other[0].path {
			return nil
		}
		return append(one, other...)
	case operators.In:
		return inList(args[0], args[1])
	case operators.Equals:
		return append(compare(args[0], equal, args[1]), compare(args[1], equal, args[0])...)
	case operators.GreaterEquals, operators.Greater:
		return append(compare(args[0], atLeast, args[1]), compare(args[1], atMost, args[0])...)
	case operators.LessEquals, operators.Less:
		return append(compare(args[0], atMost, args[1]), compare(args[1], atLeast, args[0])...)
	case "startsWith":
		if call.IsMemberFunction() && len(args) == 1 {
			return compare(call.Target(), startsWith, args[0])
		}
	}
	return nil
}

func inList(field, list ast.Expr) (all []comparison) {
	if list.Kind() != ast.ListKind {
		return nil
	}
	for _, element := range list.AsList().Elements() {
		one := compare(field, equal, element)
		if len(one) == 0 {
			return nil
		}
		all = append(all, one...)
	}
	return all
}

// compare is a comparison that is true, too, if a field compares with a constant, or none.
func compare(field ast.Expr, op operator, constant ast.Expr) []comparison {
	// timestamp(…) and duration(…) make values of texts on both sides.
	function, inner := conversion(field)
	other, literal := conversion(constant)
	path, ok := pathOf(inner)
	if !ok || function != other || literal.Kind() != ast.LiteralKind {
		return nil
	}
	text, ok := textOf(literal.AsLiteral())
	_, isText := literal.AsLiteral().(types.String)
	switch {
	case !ok, function != "" && !isText:
		return nil
	case function == "" && isText && op != equal && op != startsWith:
		// Texts are in another order than the numbers, times and durations that they stand for.
		return nil
	}
	return []comparison{{path: path, function: function, operator: op, text: text}}
}

// textOf is a constant as selectors have it; ok is false if it is none that they compare alike.
func textOf(constant ref.Val) (text string, ok bool) {
	switch value := constant.(type) {
	case types.String:
		return string(value), value != ""
	case types.Int:
		return strconv.FormatInt(int64(value), 10), -maxExact < value && value < maxExact
	case types.Double:
		return strconv.FormatFloat(float64(value), 'g', -1, 64), -maxExact < value && value < maxExact
	case types.Bool:
		return strconv.FormatBool(bool(value)), true
	}
	return "", false
}

func conversion(e ast.Expr) (function string, inner ast.Expr) {
	if e.Kind() == ast.CallKind {
		call := e.AsCall()
		if _, known := typesOf[call.FunctionName()]; known && !call.IsMemberFunction() && len(call.Args()) == 1 {
			return call.FunctionName(), call.Args()[0]
		}
	}
	return "", e
}

// pathOf is that of a field of the object.
func pathOf(e ast.Expr) (path string, ok bool) {
	var names []string
	for e.Kind() == ast.SelectKind && !e.AsSelect().IsTestOnly() {
		names = append(names, e.AsSelect().FieldName())
		e = e.AsSelect().Operand()
	}
	slices.Reverse(names)
	return strings.Join(names, "."), len(names) > 0 && e.Kind() == ast.IdentKind && e.AsIdent() == variable
}

// implied are the terms of which, in each list, one is true of objects that a filter is true of.
func (k *Kind) implied(f *filter) (all [][]term) {
	for _, alternatives := range f.conjuncts {
		field := k.fields[alternatives[0].path]
		if field == nil || len(field.keys) > 0 {
			continue
		}
		terms := make([]term, 0, len(alternatives))
		for _, c := range alternatives {
			if c.function != "" && typesOf[c.function] != field.Type {
				continue
			}
			if t, err := newTerm(field, c.operator, c.text); err == nil {
				terms = append(terms, t)
			}
		}
		if len(terms) == len(alternatives) {
			all = append(all, terms)
		}
	}
	return all
}
