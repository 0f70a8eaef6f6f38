package oracle_test

import "context"

// run carries out a scenario on both sides, step by step, and returns where the answers differ.
func run(ctx context.Context, namespace string, steps []step) ([]difference, error) {
	ours, err := newSide(ourGroup, namespace)
	if err != nil {
		return nil, err
	}
	defer ours.close()
	oracle, err := newSide(oracleGroup, namespace)
	if err != nil {
		return nil, err
	}
	defer oracle.close()
	for _, st := range steps {
		for _, s := range []*side{ours, oracle} {
			if err := s.do(ctx, st); err != nil {
				return nil, err
			}
		}
	}
	var found []difference
	a, b := normal(ours), normal(oracle)
	for i, st := range steps {
		found = append(found, differences(st.String(), a[i], b[i])...)
	}
	return found, nil
}
