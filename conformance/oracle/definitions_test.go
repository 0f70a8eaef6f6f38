package oracle_test

import (
	"context"
	"encoding/json"
	"net/http"
	"sync"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	apiextensions "k8s.io/apiextensions-apiserver/pkg/client/clientset/clientset"
	client "k8s.io/apiextensions-apiserver/pkg/client/clientset/clientset/typed/apiextensions/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/utils/ptr"

	"ark.ai/apiserver/conformance/framework"
	"ark.ai/apiserver/src/crds"
)

// servedTimeout is how long a server may take to serve a new definition.
const servedTimeout = time.Minute

// goneTimeout is how long a server may take to remove a definition. Upstream's controller, whose
// first attempt fails when its server has never served the kind before, may try again too early,
// meet a conflict and then wait for its informer to resync, after 5 minutes.
const goneTimeout = 6 * time.Minute

// definitions of the kinds in the oracle's group.
var definitions = sync.OnceValue(func() []*apiextensionsv1.CustomResourceDefinition {
	list, err := crds.Definitions(oracleGroup)
	if err != nil {
		panic(err)
	}
	return list
})

func definitionClient() client.CustomResourceDefinitionInterface {
	return apiextensions.NewForConfigOrDie(framework.Config).ApiextensionsV1().CustomResourceDefinitions()
}

// installed is done once per process. Several processes may do it at the same time.
var installed sync.Once

var _ = BeforeEach(func(ctx SpecContext) {
	installed.Do(func() { install(ctx) })
})

// install makes the server serve the oracle's group.
func install(ctx context.Context) {
	GinkgoHelper()
	for _, definition := range definitions() {
		text, err := json.Marshal(definition)
		Expect(err).NotTo(HaveOccurred())
		_, err = definitionClient().Patch(ctx, definition.Name, types.ApplyPatchType, text,
			metav1.PatchOptions{FieldManager: "oracle", Force: ptr.To(true)})
		Expect(err).NotTo(HaveOccurred())
	}
	for _, definition := range definitions() {
		for _, version := range definition.Spec.Versions {
			Eventually(func(g Gomega) {
				result := framework.Client.RESTClient().Get().AbsPath("apis", oracleGroup, version.Name, definition.Spec.Names.Plural).Do(ctx)
				var status int
				g.Expect(result.StatusCode(&status).Error()).NotTo(HaveOccurred())
				g.Expect(status).To(Equal(http.StatusOK))
			}).WithContext(ctx).WithTimeout(servedTimeout).Should(Succeed())
		}
	}
}

// The definitions go when all processes are done: other suites list what the server has.
var _ = SynchronizedAfterSuite(func() {}, func(ctx SpecContext) {
	if framework.Config == nil {
		return // the suite has not begun
	}
	for _, definition := range definitions() {
		Expect(definitionClient().Delete(ctx, definition.Name, metav1.DeleteOptions{})).To(Succeed())
	}
	for _, definition := range definitions() {
		Eventually(func() error {
			_, err := definitionClient().Get(ctx, definition.Name, metav1.GetOptions{})
			return err
		}).WithContext(ctx).WithTimeout(goneTimeout).Should(MatchError(ContainSubstring("not found")))
	}
}, NodeTimeout(servedTimeout+goneTimeout))

var _ = Describe("The definitions of the kinds", func() {
	for _, definition := range definitions() {
		It("are accepted and served: "+definition.Spec.Names.Kind, func(ctx SpecContext) {
			served, err := definitionClient().Get(ctx, definition.Name, metav1.GetOptions{})
			Expect(err).NotTo(HaveOccurred())
			states := map[apiextensionsv1.CustomResourceDefinitionConditionType]apiextensionsv1.ConditionStatus{}
			for _, condition := range served.Status.Conditions {
				states[condition.Type] = condition.Status
			}
			Expect(states).To(And(
				HaveKeyWithValue(apiextensionsv1.Established, apiextensionsv1.ConditionTrue),
				HaveKeyWithValue(apiextensionsv1.NamesAccepted, apiextensionsv1.ConditionTrue),
				Not(HaveKeyWithValue(apiextensionsv1.NonStructuralSchema, apiextensionsv1.ConditionTrue)),
			))
		})
	}
})
