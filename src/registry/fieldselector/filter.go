package fieldselector

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/cel-go/cel"
	"github.com/google/cel-go/common/ast"
	"github.com/google/cel-go/common/types"
	"github.com/google/cel-go/common/types/ref"
	"github.com/google/cel-go/common/types/traits"
	"github.com/google/cel-go/interpreter"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/version"
	celconfig "k8s.io/apiserver/pkg/apis/cel"
	apiservercel "k8s.io/apiserver/pkg/cel"
	"k8s.io/apiserver/pkg/cel/common"
	"k8s.io/apiserver/pkg/cel/environment"
	"k8s.io/apiserver/pkg/cel/library"
	"k8s.io/apiserver/pkg/cel/openapi"
	"k8s.io/client-go/tools/cache"
	"k8s.io/kube-openapi/pkg/validation/spec"
	"k8s.io/utils/lru"

	"ark.ai/apiserver/src/turns"
)

const (
	// variable is the name of the object in an expression.
	variable = "object"
	// maxExpression is the length of a selector's expressions in bytes.
	maxExpression = 4096
	// maxEstimate is what an expression may cost for an object of usual sizes: that of a rule of a
	// CustomResourceDefinition.
	maxEstimate = 10_000_000
	// maxCost is what it may cost for any one object, about 0.1 s.
	maxCost = celconfig.PerCallLimit
	// maxTime ends what costs more time than it is estimated to, such as comparing large values.
	maxTime = 2 * time.Second
	// hasWordsFunction looks for words in a value.
	hasWordsFunction = "hasWords"
	// keptPrograms is how many expressions of a kind are compiled at the same time.
	keptPrograms = 256
)

// filters compiles the expressions of a kind.
type filters struct {
	schema    func() (*spec.Schema, error)
	once      sync.Once
	env       *cel.Env
	uncounted *cel.Env // for expressions that never cost too much
	err       error
	programs  *lru.Cache // expression → *filter
}

func newFilters(schema func() (*spec.Schema, error)) *filters {
	return &filters{schema: schema, programs: lru.New(keptPrograms)}
}

// filter is an expression that is true or false of an object.
type filter struct {
	program   cel.Program
	conjuncts [][]comparison
	// loops says that it may have to be interrupted: without a loop it ends by itself.
	loops bool
}

// compile returns an error that says where the expression is wrong.
func (f *filters) compile(ctx context.Context, expression string) (*filter, error) {
	if compiled, ok := f.programs.Get(expression); ok {
		return compiled.(*filter), nil
	}
	turn, err := turns.Process.Take(ctx, turns.Request, turns.UserOf(ctx))
	if err != nil {
		return nil, err
	}
	defer turn.End()
	if f.once.Do(f.open); f.err != nil {
		return nil, f.err
	}
	checked, issues := f.env.Compile(expression)
	if issues != nil && issues.Err() != nil {
		return nil, describe(issues)
	}
	if !checked.OutputType().IsExactType(cel.BoolType) {
		return nil, fmt.Errorf("must be true or false, is of type %s", checked.OutputType())
	}
	estimate, err := f.env.EstimateCost(checked, &library.CostEstimator{SizeEstimator: usualSizes})
	if err != nil {
		return nil, err
	}
	if estimate.Max > maxEstimate {
		return nil, fmt.Errorf("is too costly: loops within loops within loops are not supported, nor is what handles as many values")
	}
	estimate, err = f.env.EstimateCost(checked, largestCosts{&library.CostEstimator{SizeEstimator: largestSizes}})
	if err != nil {
		return nil, err
	}
	compiled := &filter{conjuncts: conjuncts(checked.NativeRep().Expr()), loops: hasLoop(checked.NativeRep())}
	if !compiled.loops && estimate.Max <= maxCost {
		compiled.program, err = f.uncounted.Program(checked, cel.EvalOptions(cel.OptOptimize))
	} else {
		compiled.program, err = f.env.Program(checked,
			cel.EvalOptions(cel.OptOptimize, cel.OptTrackCost),
			cel.CostTracking(actualCosts{}),
			cel.CostLimit(maxCost),
			cel.InterruptCheckFrequency(celconfig.CheckFrequency),
		)
	}
	if err != nil {
		return nil, err
	}
	f.programs.Add(expression, compiled)
	return compiled, nil
}

// describe says where and what the first faults are.
func describe(issues *cel.Issues) error {
	var texts []string
	for _, fault := range issues.Errors() {
		if fault.Location.Line() < 1 { // It is of the whole.
			texts = append(texts, fault.Message)
			continue
		}
		texts = append(texts, fmt.Sprintf("line %d, column %d: %s", fault.Location.Line(), max(0, fault.Location.Column())+1, fault.Message))
	}
	if len(texts) > 3 {
		texts = texts[:3]
	}
	return errors.New(strings.Join(texts, "; "))
}

// open makes the environment, which takes some milliseconds: nobody may ever need it.
func (f *filters) open() {
	schema, err := f.schema()
	if err != nil {
		f.err = err
		return
	}
	object := common.SchemaDeclType(&openapi.Schema{Schema: seenSchema(schema)}, false).MaybeAssignTypeName("Object")
	base := environment.MustBaseEnvSet(environment.DefaultCompatibilityVersion())
	extended, err := base.Extend(environment.VersionedOptions{
		IntroducedVersion: version.MajorMinor(1, 0),
		EnvOptions: []cel.EnvOption{
			cel.Variable(variable, object.CelType()),
			cel.Function(hasWordsFunction, cel.MemberOverload("dyn_has_words", []*cel.Type{cel.DynType, cel.StringType}, cel.BoolType, cel.BinaryBinding(valueHasWords))),
		},
		DeclTypes: []*apiservercel.DeclType{object},
	})
	if err != nil {
		f.err = err
		return
	}
	f.env = extended.NewExpressionsEnv()
	f.uncounted, f.err = withoutCounting(f.env)
}

// asStored is the schema of an object as it is in JSON: times are strings, as they are to admission
// policies, and free JSON is whatever it is.
func asStored(schema *spec.Schema) *spec.Schema {
	result := *schema
	if free, _ := result.Extensions.GetBool("x-kubernetes-preserve-unknown-fields"); free {
		return &spec.Schema{VendorExtensible: spec.VendorExtensible{Extensions: spec.Extensions{"x-kubernetes-int-or-string": true}}}
	}
	if result.Type.Contains("string") {
		result.Format = ""
	}
	if result.Properties != nil {
		result.Properties = make(map[string]spec.Schema, len(schema.Properties))
		for name, property := range schema.Properties {
			result.Properties[name] = *asStored(&property)
		}
	}
	if result.Items != nil && result.Items.Schema != nil {
		result.Items = &spec.SchemaOrArray{Schema: asStored(result.Items.Schema)}
	}
	if result.AdditionalProperties != nil && result.AdditionalProperties.Schema != nil {
		result.AdditionalProperties = &spec.SchemaOrBool{Allows: true, Schema: asStored(result.AdditionalProperties.Schema)}
	}
	return &result
}

// matches reports whether the expression is true of an object. One that fails is not; one that
// takes too long is an error.
func (f *filter) matches(obj runtime.Object) (bool, error) {
	result, inTime, err := f.evaluate(objectVariable{valueOf(reflect.ValueOf(obj))})
	if canceled := (interpreter.EvalCancelledError{}); errors.As(err, &canceled) || !inTime {
		return false, apierrors.NewBadRequest(fmt.Sprintf("%s: is too costly for the object %s", filterKey, nameOfObject(obj)))
	}
	return err == nil && result == types.True, nil
}

// evaluate reports whether there was enough time, too. Contexts leave garbage behind, and end
// loops only.
func (f *filter) evaluate(object objectVariable) (result ref.Val, inTime bool, err error) {
	if f.loops {
		limit := startTimeLimit(maxTime)
		result, _, err = f.program.ContextEval(limit.Context, object)
		return result, limit.stop(), err
	}
	began := time.Now()
	result, _, err = f.program.Eval(object)
	return result, time.Since(began) < maxTime, err
}

func hasLoop(expression *ast.AST) bool {
	return len(ast.MatchDescendants(ast.NavigateAST(expression), ast.KindMatcher(ast.ComprehensionKind))) > 0
}

// objectVariable has the variable of an expression.
type objectVariable struct{ value ref.Val }

// ResolveName implements interpreter.Activation.
func (o objectVariable) ResolveName(name string) (any, bool) { return o.value, name == variable }

// Parent implements interpreter.Activation.
func (objectVariable) Parent() interpreter.Activation { return nil }

func nameOfObject(obj runtime.Object) string {
	metadata, err := meta.Accessor(obj)
	if err != nil {
		return ""
	}
	return cache.NewObjectName(metadata.GetNamespace(), metadata.GetName()).String()
}

// valueHasWords is the function hasWords: whether all words are in the texts of a value, at
// whatever depth.
func valueHasWords(value, wanted ref.Val) ref.Val {
	text, ok := wanted.Value().(string)
	if !ok {
		return types.MaybeNoSuchOverloadErr(wanted)
	}
	list := wordsWanted(text)
	return types.Bool(len(list) > 0 && newSearch(list).inVal(value))
}

// lastWanted has the words of the text that expressions looked for last: those that a list or a
// watch decides by mostly look for the same in all objects.
var lastWanted atomic.Pointer[wantedWords]

type wantedWords struct {
	text  string
	words []string
}

func wordsWanted(text string) []string {
	last := lastWanted.Load()
	if last == nil || last.text != text {
		last = &wantedWords{text, words(text)}
		lastWanted.Store(last)
	}
	return last.words
}

func (s *search) inVal(value ref.Val) bool {
	if object, ok := structure(value); ok {
		visitor := s.visitor()
		visitor.asJSON, visitor.skipTimes = true, !s.mayFindInTimes()
		return !visitor.each(object)
	}
	switch value := value.(type) {
	case types.String:
		return s.in(string(value))
	case traits.Mapper:
		for keys := value.Iterator(); keys.HasNext() == types.True; {
			if item, found := value.Find(keys.Next()); found && s.inVal(item) {
				return true
			}
		}
	case traits.Lister:
		for items := value.Iterator(); items.HasNext() == types.True; {
			if s.inVal(items.Next()) {
				return true
			}
		}
	}
	return false
}

// structure is the Go structure that a value wraps, if it does. To read that takes a fraction of
// the time that it takes by way of the values of its fields.
func structure(value ref.Val) (reflect.Value, bool) {
	if s, ok := value.(*structVal); ok {
		return s.fields, true
	}
	if _, ok := value.(traits.Mapper); !ok {
		return reflect.Value{}, false
	}
	v := reflect.ValueOf(value.Value())
	return v, v.Kind() == reflect.Struct
}
