package webhooks_test

import (
	"context"
	"slices"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	registrationv1 "k8s.io/api/admissionregistration/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/utils/ptr"

	"ark.ai/apiserver/conformance/framework"
)

// ruleExamples are rules, and which writes of lifeOf they are about.
var ruleExamples = []struct {
	name string
	rule registrationv1.RuleWithOperations
	want []string
}{
	{"resource", onAny("agents"), []string{"CREATE agents", "UPDATE agents", "DELETE agents"}},
	{"subresource", onAny("agents/status"), []string{"UPDATE agents/status"}},
	{"resource-with-subresources", onAny("agents/*"), []string{"CREATE agents", "UPDATE agents", "UPDATE agents/status", "DELETE agents"}},
	{"resources-without-subresources", onAny("*"), []string{"CREATE agents", "CREATE memories", "UPDATE agents", "DELETE agents"}},
	{"everything", onAny("*/*"), []string{"CREATE agents", "CREATE memories", "UPDATE agents", "UPDATE agents/status", "DELETE agents"}},
	{"one-subresource-of-all", onAny("*/status"), []string{"UPDATE agents/status"}},
	{"other-resource", onAny("queries", "queries/status"), nil},
	{"two-resources", onAny("memories", "agents/status"), []string{"CREATE memories", "UPDATE agents/status"}},
	{"create", onCreate("agents"), []string{"CREATE agents"}},
	{"update", on([]registrationv1.OperationType{registrationv1.Update}, "agents", "agents/status"), []string{"UPDATE agents", "UPDATE agents/status"}},
	{"delete", on([]registrationv1.OperationType{registrationv1.Delete}, "*"), []string{"DELETE agents"}},
	{"connect", on([]registrationv1.OperationType{registrationv1.Connect}, "*/*"), nil},
	{"any-group", changed(onCreate("agents"), func(rule *registrationv1.RuleWithOperations) { rule.APIGroups = []string{"*"} }), []string{"CREATE agents"}},
	{"other-group", changed(onCreate("agents"), func(rule *registrationv1.RuleWithOperations) { rule.APIGroups = []string{"example.org"} }), nil},
	{"any-version", changed(onCreate("agents"), func(rule *registrationv1.RuleWithOperations) { rule.APIVersions = []string{"*"} }), []string{"CREATE agents"}},
	{"other-version", changed(onCreate("agents"), func(rule *registrationv1.RuleWithOperations) { rule.APIVersions = []string{"v1"} }), nil},
	{"namespaced", changed(onCreate("agents"), func(rule *registrationv1.RuleWithOperations) { rule.Scope = ptr.To(registrationv1.NamespacedScope) }), []string{"CREATE agents"}},
	{"cluster-wide", changed(onCreate("agents"), func(rule *registrationv1.RuleWithOperations) { rule.Scope = ptr.To(registrationv1.ClusterScope) }), nil},
}

func changed(rule registrationv1.RuleWithOperations, change func(*registrationv1.RuleWithOperations)) registrationv1.RuleWithOperations {
	change(&rule)
	return rule
}

var _ = Describe("The rules of a webhook", func() {
	for _, webhook := range bothTypes {
		for _, policy := range []registrationv1.MatchPolicyType{registrationv1.Exact, registrationv1.Equivalent} {
			It("say what it is asked about, if it is "+webhook.name+" and its matchPolicy is "+string(policy), func(ctx context.Context) {
				namespace, receiver := framework.Namespace(ctx), newReceiver()
				var webhooks []registrationv1.MutatingWebhook
				for _, example := range ruleExamples {
					w := receiver.webhook(example.name+".example.org", allow, example.rule)
					w.MatchPolicy = ptr.To(policy)
					webhooks = append(webhooks, w)
				}
				webhook.register(ctx, namespace, receiver, webhooks...)
				lifeOf(ctx, namespace)
				for _, example := range ruleExamples {
					var asked []string
					for _, request := range receiver.requests(example.name + ".example.org") {
						resource := request.Resource.Resource
						if request.SubResource != "" {
							resource += "/" + request.SubResource
						}
						asked = append(asked, string(request.Operation)+" "+resource)
					}
					Expect(slices.Compact(asked)).To(Equal(example.want), example.name)
				}
			})
		}
	}
})

// lifeOf makes some writes of each sort.
func lifeOf(ctx context.Context, namespace string) {
	GinkgoHelper()
	agent := created(ctx, namespace, agent("poet"))
	_, err := framework.Ark.ArkV1alpha1().Memories(namespace).Create(ctx, memory("poems"), metav1.CreateOptions{})
	Expect(err).NotTo(HaveOccurred())
	agent.Spec.Prompt = new("Rhyme.")
	agent, err = agents(namespace).Update(ctx, agent, metav1.UpdateOptions{})
	Expect(err).NotTo(HaveOccurred())
	agent.Status.Conditions = available()
	_, err = agents(namespace).UpdateStatus(ctx, agent, metav1.UpdateOptions{})
	Expect(err).NotTo(HaveOccurred())
	Expect(agents(namespace).Delete(ctx, "poet", metav1.DeleteOptions{})).To(Succeed())
}
