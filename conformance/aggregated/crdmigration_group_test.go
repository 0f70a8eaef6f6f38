package aggregated_test

import (
	"context"
	"fmt"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/onsi/gomega/gexec"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/dynamic"

	"ark.ai/apiserver/conformance/framework"
	"ark.ai/apiserver/src/apis/ark/v1alpha1"
)

// otherGroup is that of the kinds before they became those of this server.
const otherGroup = "ark.mckinsey.com"

var _ = Describe("A migration from CustomResourceDefinitions of another group", framework.Long, func() {
	It("has everything as it was, and owners named by their new uids", framework.OnSQLite, func(ctx context.Context) {
		const families = 10
		c := startDefinitions(ctx, otherGroup)
		for i := range families {
			c.foundFamily(ctx, fmt.Sprintf("owner-%d", i))
		}
		before := c.objectsOf(ctx, otherGroup)
		Expect(before).To(HaveLen(3 * families))

		database := newSQLite()
		s, manifest := c.prepareServer(ctx)
		command := append([]string{"from-crds", "--from-group", otherGroup, "--apiservices", manifest}, database...)
		for _, sign := range []string{"Copied", "Writes are refused", "verified"} {
			c.killOnceSaid(sign, command...)
		}
		Eventually(c.migrate(command...)).WithTimeout(readyTimeout).Should(gexec.Exit(0))
		_, err := c.resource(otherGroup, "agents").Create(ctx, newObject(otherGroup, "Agent", "late"), metav1.CreateOptions{})
		Expect(apierrors.IsForbidden(err)).To(BeTrue(), fmt.Sprint(err))
		s.run(c.kubeconfig, database...)
		s.awaitReady(ctx)
		Eventually(c.migrate("switch", "--apiservices", manifest)).WithTimeout(readyTimeout).Should(gexec.Exit(0))

		after := c.objectsOf(ctx, v1alpha1.GroupName)
		renamed := []string{v1alpha1.GroupName + "/v", otherGroup + "/v"}
		for _, object := range after {
			renamed = append(renamed, string(object.GetUID()), object.GetAnnotations()[uidAnnotation])
		}
		asBefore := strings.NewReplacer(renamed...)
		Expect(after).To(HaveLen(len(before)))
		for name, object := range after {
			if annotations := object.GetAnnotations(); len(annotations) > 1 {
				delete(annotations, uidAnnotation)
				object.SetAnnotations(annotations)
			} else {
				object.SetAnnotations(nil)
			}
			text, err := object.MarshalJSON()
			Expect(err).NotTo(HaveOccurred())
			Expect(object.UnmarshalJSON([]byte(asBefore.Replace(string(text))))).To(Succeed())
			was := before[name]
			Expect(object.Object).To(Equal(was.Object), name)
		}

		By("collecting what an owner leaves, and nothing else")
		agents := c.resource(v1alpha1.GroupName, "agents")
		for _, owner := range []string{"owner-0", "owner-1"} {
			Expect(agents.Delete(ctx, owner, metav1.DeleteOptions{})).To(Succeed())
			Eventually(func(g Gomega) { g.Expect(c.ownedBy(ctx, owner)).To(BeZero()) }).WithTimeout(2 * readyTimeout).Should(Succeed())
			if owner == "owner-0" {
				Eventually(c.migrate(append([]string{"to-crds"}, database...)...)).WithTimeout(readyTimeout).Should(gexec.Exit(1))
				Eventually(c.migrate("finish")).WithTimeout(2 * readyTimeout).Should(gexec.Exit(0))
			}
		}
		for i := 2; i < families; i++ {
			Expect(c.ownedBy(ctx, fmt.Sprintf("owner-%d", i))).To(Equal(3), "queries and a ConfigMap")
		}
		left, err := c.definitions.List(ctx, metav1.ListOptions{})
		Expect(err).NotTo(HaveOccurred())
		Expect(left.Items).To(BeEmpty())
	})
})

func (c *definedCluster) resource(group, plural string) dynamic.ResourceInterface {
	return c.dynamic.Resource(schema.GroupVersionResource{Group: group, Version: "v1alpha1", Resource: plural}).Namespace(namespace)
}

// foundFamily makes an agent that owns two queries, of which one has a status, and a ConfigMap.
func (c *definedCluster) foundFamily(ctx context.Context, name string) {
	GinkgoHelper()
	agents, queries := c.resource(otherGroup, "agents"), c.resource(otherGroup, "queries")
	agent := newObject(otherGroup, "Agent", name)
	agent.Object["spec"] = map[string]any{"prompt": "You know the weather."}
	agent, err := agents.Apply(ctx, name, agent, metav1.ApplyOptions{FieldManager: "conformance"})
	Expect(err).NotTo(HaveOccurred())
	owners := []metav1.OwnerReference{{APIVersion: otherGroup + "/v1alpha1", Kind: "Agent", Name: name, UID: agent.GetUID()}}
	for i := range 2 {
		query := newObject(otherGroup, "Query", fmt.Sprintf("%s-%d", name, i))
		query.SetLabels(map[string]string{"owner": name, otherGroup + "/kept": "as-it-is"})
		query.SetAnnotations(map[string]string{otherGroup + "/kept": "as it is"})
		query.SetOwnerReferences(owners)
		query.Object["spec"] = map[string]any{"input": "What is the weather in Lisbon?", "target": map[string]any{"type": "agent", "name": "weather"}}
		if query, err = queries.Create(ctx, query, metav1.CreateOptions{}); err == nil && i == 0 {
			query.Object["status"] = map[string]any{"phase": "done"}
			_, err = queries.UpdateStatus(ctx, query, metav1.UpdateOptions{})
		}
		Expect(err).NotTo(HaveOccurred())
	}
	configMap := &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Name: name, Labels: map[string]string{"owner": name}, OwnerReferences: owners}}
	_, err = c.core.CoreV1().ConfigMaps(namespace).Create(ctx, configMap, metav1.CreateOptions{})
	Expect(err).NotTo(HaveOccurred())
}

func newObject(group, kind, name string) *unstructured.Unstructured {
	return &unstructured.Unstructured{Object: map[string]any{
		"apiVersion": group + "/v1alpha1", "kind": kind, "metadata": map[string]any{"name": name, "namespace": namespace},
	}}
}

// objectsOf are the namespace's agents and queries of a group by name, as allObjects has them.
func (c *definedCluster) objectsOf(ctx context.Context, group string) map[string]unstructured.Unstructured {
	GinkgoHelper()
	all := make(map[string]unstructured.Unstructured)
	for _, plural := range []string{"agents", "queries"} {
		list, err := c.resource(group, plural).List(ctx, metav1.ListOptions{})
		Expect(err).NotTo(HaveOccurred())
		for _, item := range list.Items {
			item.SetResourceVersion("")
			dropHollow(item.Object, "status")
			all[plural+"/"+item.GetName()] = item
		}
	}
	return all
}
