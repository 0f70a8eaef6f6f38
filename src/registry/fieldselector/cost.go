package fieldselector

import (
	"maps"
	"slices"

	"github.com/google/cel-go/cel"
	"github.com/google/cel-go/checker"
	celcommon "github.com/google/cel-go/common"
	"github.com/google/cel-go/common/types"
	"github.com/google/cel-go/common/types/ref"
	"github.com/google/cel-go/common/types/traits"
	"github.com/google/cel-go/interpreter"
	"k8s.io/apiserver/pkg/cel/library"
)

// withoutCounting is an environment whose programs don't count what they cost, which takes longer
// than comparing a few fields does. Upstream's environments ask for that by options of programs,
// which can't be taken back.
func withoutCounting(env *cel.Env) (*cel.Env, error) {
	return cel.NewCustomEnv(
		cel.OptionalTypes(), // of the libraries the one whose options of programs mean more than costs
		cel.FunctionDecls(slices.Collect(maps.Values(env.Functions()))...),
		cel.CustomTypeAdapter(env.CELTypeAdapter()), cel.CustomTypeProvider(env.CELTypeProvider()),
	)
}

// sizes of the parts of an object, by which the cost of an expression is estimated.
type sizes struct{ items, length uint64 }

var (
	// usualSizes decide whether an expression is accepted.
	usualSizes = sizes{items: 100, length: 1024}
	// largestSizes fit into a request of 3 MiB. They decide whether costs need counting.
	largestSizes = sizes{items: 3 << 19, length: 3 << 20}
)

var _ checker.CostEstimator = sizes{}

// EstimateSize implements checker.CostEstimator.
func (s sizes) EstimateSize(element checker.AstNode) *checker.SizeEstimate {
	if path := element.Path(); len(path) == 0 || path[0] != variable {
		return nil
	}
	switch element.Type().Kind() {
	case types.ListKind, types.MapKind, types.StructKind, types.DynKind:
		return &checker.SizeEstimate{Max: s.items}
	default:
		return &checker.SizeEstimate{Max: s.length}
	}
}

// EstimateCallCost implements checker.CostEstimator.
func (sizes) EstimateCallCost(string, string, *checker.AstNode, []checker.AstNode) *checker.CallEstimate {
	return nil
}

// largestCosts are those of calls about objects of the largest sizes.
type largestCosts struct{ *library.CostEstimator }

// EstimateCallCost implements checker.CostEstimator.
func (c largestCosts) EstimateCallCost(function, overload string, target *checker.AstNode, args []checker.AstNode) *checker.CallEstimate {
	if function != hasWordsFunction {
		return c.CostEstimator.EstimateCallCost(function, overload, target, args)
	}
	return &checker.CallEstimate{CostEstimate: checker.SizeEstimate{Max: largestSizes.length}.MultiplyByCostFactor(celcommon.StringTraversalCostFactor)}
}

// actualCosts are those of calls that were made.
type actualCosts struct{ library.CostEstimator }

var _ interpreter.ActualCostEstimator = actualCosts{}

// CallCost implements interpreter.ActualCostEstimator.
func (c actualCosts) CallCost(function, overload string, args []ref.Val, result ref.Val) *uint64 {
	if function != hasWordsFunction {
		return c.CostEstimator.CallCost(function, overload, args, result)
	}
	cost := uint64(1)
	for _, arg := range args {
		cost += costOfReading(arg)
	}
	return &cost
}

// costOfReading is that of looking at all texts within a value.
func costOfReading(value ref.Val) uint64 {
	cost := uint64(1)
	if object, ok := structure(value); ok {
		read := func(text string) bool {
			cost += 1 + uint64(float64(len(text))*celcommon.StringTraversalCostFactor)
			return true
		}
		textVisitor{visit: read, skip: read, skipTimes: true}.each(object)
		return cost
	}
	switch value := value.(type) {
	case types.String:
		cost += uint64(float64(len(value)) * celcommon.StringTraversalCostFactor)
	case traits.Mapper:
		for keys := value.Iterator(); keys.HasNext() == types.True; {
			if item, found := value.Find(keys.Next()); found {
				cost += costOfReading(item)
			}
		}
	case traits.Lister:
		for items := value.Iterator(); items.HasNext() == types.True; {
			cost += costOfReading(items.Next())
		}
	}
	return cost
}
