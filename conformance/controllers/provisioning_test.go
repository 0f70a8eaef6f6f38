package controllers_test

import (
	"context"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"ark.ai/apiserver/src/apis/ark/v1alpha1"
)

var _ = Describe("A query that an SDK declares to be in provisioning", func() {
	It("stays so until it can run", func(ctx context.Context) {
		s := newEmptyScene(ctx, 1)
		namespace := s.namespaces[0]
		m := s.start().works()
		phases := s.watchPhases(ctx, "query")
		query := s.query(namespace, "query")
		s.create(ctx, query)
		s.comesTo(ctx, query, v1alpha1.QueryPending)

		s.patchStatus(ctx, query, `{"status":{"phase":"provisioning"}}`)
		Expect(query.Status.Phase).To(Equal(v1alpha1.QueryProvisioning))
		Expect(query.Status.Conditions).To(ConsistOf(HaveField("Reason", "QueryNotStarted")), "what the manager wrote stays")
		s.reaches(ctx, v1alpha1.QueryProvisioning, 1)

		s.create(ctx, s.secret(namespace), s.model(namespace), s.agent(namespace))
		phases.expect("", v1alpha1.QueryPending, v1alpha1.QueryProvisioning, v1alpha1.QueryRunning, v1alpha1.QueryDone)
		Expect(s.questions()).To(And(HaveLen(1), HaveEach(1)))
		Expect(m.journal().failures).To(BeEmpty())
	})
})
