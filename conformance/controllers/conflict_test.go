package controllers_test

import (
	"context"
	"strconv"
	"sync"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/util/wait"
	"k8s.io/client-go/util/retry"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"ark.ai/apiserver/src/apis/ark/v1alpha1"
)

const counter = "conformance.ark.ai/counter"

// patient is for those who write where others do.
var patient = wait.Backoff{Steps: 30, Duration: 10 * time.Millisecond, Factor: 1.2, Jitter: 0.5}

var _ = Describe("A write with a resourceVersion that is no longer current", func() {
	DescribeTable("is refused as a conflict, and succeeds when it is tried again",
		func(ctx context.Context, write func(context.Context, client.Client, *v1alpha1.Query) error) {
			s := newEmptyScene(ctx, 1)
			query := s.query(s.namespaces[0], "query")
			s.create(ctx, query)
			stale := query.DeepCopy()
			query.Spec.Timeout = "1m"
			Expect(s.Update(ctx, query)).To(Succeed())

			Expect(write(ctx, s, stale)).To(MatchError(apierrors.IsConflict, "IsConflict"))
			tries := 0
			Expect(retry.RetryOnConflict(retry.DefaultRetry, func() error {
				if tries++; tries > 1 {
					if err := s.Get(ctx, client.ObjectKeyFromObject(stale), stale); err != nil {
						return err
					}
				}
				return write(ctx, s, stale)
			})).To(Succeed())
			Expect(tries).To(Equal(2))
			Expect(s.Get(ctx, client.ObjectKeyFromObject(stale), query)).To(Succeed())
			Expect(query.Spec.Timeout).To(BeEquivalentTo("1m"))
		},
		Entry("update", func(ctx context.Context, c client.Client, query *v1alpha1.Query) error {
			query.Spec.SessionID = new("mine")
			return c.Update(ctx, query)
		}),
		Entry("update of the status", func(ctx context.Context, c client.Client, query *v1alpha1.Query) error {
			query.Status.Phase = v1alpha1.QueryRunning
			return c.Status().Update(ctx, query)
		}),
		Entry("merge patch with an optimistic lock", func(ctx context.Context, c client.Client, query *v1alpha1.Query) error {
			before := query.DeepCopy()
			query.Spec.SessionID = new("mine")
			return c.Patch(ctx, query, client.MergeFromWithOptions(before, client.MergeFromWithOptimisticLock{}))
		}),
		Entry("merge patch of the status with an optimistic lock", func(ctx context.Context, c client.Client, query *v1alpha1.Query) error {
			before := query.DeepCopy()
			query.Status.Phase = v1alpha1.QueryRunning
			return c.Status().Patch(ctx, query, client.MergeFromWithOptions(before, client.MergeFromWithOptimisticLock{}))
		}),
		Entry("delete with a precondition", func(ctx context.Context, c client.Client, query *v1alpha1.Query) error {
			return c.Delete(ctx, query, client.Preconditions{ResourceVersion: &query.ResourceVersion}, client.DryRunAll)
		}),
	)
})

var _ = Describe("Users who edit queries while the manager works", func() {
	It("lose no edit, and neither does the manager", func(ctx context.Context) {
		const users, edits, queries = 4, 25, 20
		s := newScene(ctx, 1)
		m := s.start().works()
		s.createQueries(ctx, queries)
		list := s.queries(ctx)
		errs := make([]error, users)
		var group sync.WaitGroup
		for u := range users {
			group.Go(func() {
				for i := 0; i < edits && errs[u] == nil; i++ {
					query := &list[i%queries]
					errs[u] = retry.RetryOnConflict(patient, func() error { return s.countEdit(ctx, client.ObjectKeyFromObject(query)) })
				}
			})
		}
		group.Wait()
		Expect(errs).To(HaveEach(BeNil()))
		s.reaches(ctx, v1alpha1.QueryDone, queries)

		sum := 0
		list = s.queries(ctx)
		for _, query := range list {
			n, err := strconv.Atoi(query.Annotations[counter])
			Expect(err).NotTo(HaveOccurred())
			sum += n
		}
		Expect(sum).To(Equal(users * edits))
		expectAnswers(list)
		Expect(s.questions()).To(And(HaveLen(queries), HaveEach(1)))
		Expect(m.journal().failures).To(BeEmpty())
		Expect(m.journal().disorder).To(BeEmpty())
	})
})

// countEdit adds one to the counter of a query.
func (s *scene) countEdit(ctx context.Context, key client.ObjectKey) error {
	query := &v1alpha1.Query{}
	if err := s.Get(ctx, key, query); err != nil {
		return err
	}
	// Absent means zero.
	n, _ := strconv.Atoi(query.Annotations[counter])
	if query.Annotations == nil {
		query.Annotations = map[string]string{}
	}
	query.Annotations[counter] = strconv.Itoa(n + 1)
	return s.Update(ctx, query)
}
