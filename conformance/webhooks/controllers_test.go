package webhooks_test

import (
	"context"
	"fmt"
	"sync"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	admissionv1 "k8s.io/api/admission/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/sets"
	"k8s.io/utils/ptr"

	"ark.ai/apiserver/conformance/framework"
	"ark.ai/apiserver/src/apis/ark/v1alpha1"
)

// controllerTimeout is for Kubernetes' own controllers, which clean up after other specs first.
const controllerTimeout = 3 * time.Minute

var _ = Describe("Webhooks are asked about every object", func() {
	var (
		namespace string
		receiver  *receiver
	)
	BeforeEach(func(ctx context.Context) {
		namespace, receiver = framework.Namespace(ctx), newReceiver()
	})
	// deleted are the names of the objects whose deletion was asked about.
	deleted := func() sets.Set[string] {
		names := sets.New[string]()
		for _, request := range receiver.requests(asked) {
			if request.Operation == admissionv1.Delete {
				names.Insert(agentIn(request.OldObject).Name)
			}
		}
		return names
	}

	It("that is deleted with its namespace, and may delay that", func(ctx context.Context) {
		created(ctx, namespace, agent("poet"))
		created(ctx, namespace, agent("critic"))
		var permission sync.Map
		registerValidating(ctx, namespace, receiver, receiver.webhook(asked, respond(func(*admissionv1.AdmissionRequest) *admissionv1.AdmissionResponse {
			_, permitted := permission.Load("delete")
			return &admissionv1.AdmissionResponse{Allowed: permitted}
		}), onAny("agents")))
		namespaces := framework.Client.CoreV1().Namespaces()
		Expect(namespaces.Delete(ctx, namespace, metav1.DeleteOptions{})).To(Succeed())
		Eventually(ctx, deleted).WithTimeout(controllerTimeout).ShouldNot(BeEmpty())
		_, err := namespaces.Get(ctx, namespace, metav1.GetOptions{})
		Expect(err).NotTo(HaveOccurred())
		permission.Store("delete", true)
	})

	It("that garbage collection deletes", func(ctx context.Context) {
		registerValidating(ctx, namespace, receiver, receiver.webhook(asked, allow, onAny("agents")))
		owner := created(ctx, namespace, agent("poet"))
		owned := agent("pupil")
		owned.OwnerReferences = []metav1.OwnerReference{*metav1.NewControllerRef(owner, v1alpha1.SchemeGroupVersion.WithKind("Agent"))}
		created(ctx, namespace, owned)
		Expect(agents(namespace).Delete(ctx, "poet", metav1.DeleteOptions{PropagationPolicy: ptr.To(metav1.DeletePropagationBackground)})).To(Succeed())
		Eventually(ctx, deleted).WithTimeout(controllerTimeout).Should(Equal(sets.New("poet", "pupil")))
	})

	It("of many that are written at the same time", func(ctx context.Context) {
		registerMutating(ctx, namespace, receiver, receiver.webhook(asked, patch(set("/spec/description", "Touched.")), onCreate("agents")))
		const count = 100
		var (
			group  sync.WaitGroup
			errors [count]error
		)
		want := sets.New[string]()
		for i := range count {
			name := fmt.Sprintf("poet-%d", i)
			want.Insert(name)
			group.Go(func() { _, errors[i] = agents(namespace).Create(ctx, agent(name), metav1.CreateOptions{}) })
		}
		group.Wait()
		Expect(errors).To(HaveEach(BeNil()))
		got := sets.New[string]()
		for _, request := range receiver.requests(asked) {
			got.Insert(request.Name)
		}
		Expect(got).To(Equal(want))
		list, err := agents(namespace).List(ctx, metav1.ListOptions{})
		Expect(err).NotTo(HaveOccurred())
		Expect(list.Items).To(HaveLen(count))
		Expect(list.Items).To(HaveEach(HaveField("Spec.Description", HaveValue(Equal("Touched.")))))
	})
})
