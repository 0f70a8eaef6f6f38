package registry

import (
	"context"
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apiserver/pkg/registry/rest"

	"ark.ai/apiserver/src/apis/ark/v1alpha1"
)

// The ArkConfig "default" says how long is kept what does not say it itself.
func TestConfiguredTTL(t *testing.T) {
	forEachStorage(t, func(t *testing.T, ctx context.Context, served map[string]rest.Storage) {
		queries, evaluations, configs := served["v1alpha1/queries"], served["v1alpha1/evaluations"], served["v1alpha1/arkconfigs"]
		query := func(name string, ttl v1alpha1.Duration) *v1alpha1.Query {
			query := newQuery(name, "")
			query.Spec.TTL = ttl
			return query
		}
		evaluation := func(name string) *v1alpha1.Evaluation {
			evaluation := &v1alpha1.Evaluation{ObjectMeta: metav1.ObjectMeta{Name: name}}
			evaluation.Spec.Type = v1alpha1.EvaluationDirect
			evaluation.Spec.Timeout = "5m"
			evaluation.Spec.Config = &v1alpha1.EvaluationConfig{Input: new("i"), Output: new("o")}
			return evaluation
		}
		config := func(name string, queries, evaluations v1alpha1.Duration) *v1alpha1.ArkConfig {
			return &v1alpha1.ArkConfig{
				ObjectMeta: metav1.ObjectMeta{Name: name},
				Spec:       v1alpha1.ArkConfigSpec{QueryTTL: queries, EvaluationTTL: evaluations},
			}
		}
		expectTTLs := func(about string, query, evaluation v1alpha1.Duration, wantQuery, wantEvaluation v1alpha1.Duration) {
			t.Helper()
			if query != wantQuery || evaluation != wantEvaluation {
				t.Errorf("%s: the ttl of a query is %s, of an evaluation %s", about, query, evaluation)
			}
		}

		q := create(t, ctx, queries, query("without", "")).(*v1alpha1.Query)
		e := create(t, ctx, evaluations, evaluation("without")).(*v1alpha1.Evaluation)
		expectTTLs("without configuration", q.Spec.TTL, e.Spec.TTL, "720h", "720h")

		create(t, ctx, configs, config("other", "1h", "1h"))
		stored := create(t, ctx, configs, config("default", "24h", "")).(*v1alpha1.ArkConfig)
		q = create(t, ctx, queries, query("with", "")).(*v1alpha1.Query)
		e = create(t, ctx, evaluations, evaluation("with")).(*v1alpha1.Evaluation)
		expectTTLs("configured for queries", q.Spec.TTL, e.Spec.TTL, "24h", "720h")

		stored.Spec = v1alpha1.ArkConfigSpec{EvaluationTTL: "2h"}
		update(t, ctx, configs, stored)
		q = create(t, ctx, queries, query("own", "5m")).(*v1alpha1.Query)
		e = create(t, ctx, evaluations, evaluation("own")).(*v1alpha1.Evaluation)
		expectTTLs("configured for evaluations", q.Spec.TTL, e.Spec.TTL, "5m", "2h")

		q.Spec.TTL = ""
		q = update(t, ctx, queries, q)
		expectTTLs("removed from a query", q.Spec.TTL, e.Spec.TTL, "720h", "2h")

		// As after a database was restored: the revision does not come.
		configs.(*mainREST).config.written.Store(1 << 60)
		e = create(t, ctx, evaluations, evaluation("restored")).(*v1alpha1.Evaluation)
		expectTTLs("with a revision that there is not", q.Spec.TTL, e.Spec.TTL, "720h", "2h")

		if _, _, err := configs.(rest.GracefulDeleter).Delete(ctx, "default", rest.ValidateAllObjectFunc, &metav1.DeleteOptions{}); err != nil {
			t.Fatal(err)
		}
		e = create(t, ctx, evaluations, evaluation("deleted")).(*v1alpha1.Evaluation)
		expectTTLs("deleted", q.Spec.TTL, e.Spec.TTL, "720h", "720h")
	})
}
