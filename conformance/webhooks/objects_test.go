package webhooks_test

import (
	"context"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"ark.ai/apiserver/conformance/framework"
	"ark.ai/apiserver/src/apis/ark/v1alpha1"
	arkclient "ark.ai/apiserver/src/generated/clientset/versioned/typed/ark/v1alpha1"
)

var (
	dryRunCreate = metav1.CreateOptions{DryRun: []string{metav1.DryRunAll}}
	dryRunUpdate = metav1.UpdateOptions{DryRun: []string{metav1.DryRunAll}}
	dryRunPatch  = metav1.PatchOptions{DryRun: []string{metav1.DryRunAll}}
	dryRunDelete = metav1.DeleteOptions{DryRun: []string{metav1.DryRunAll}}
)

func agents(namespace string) arkclient.AgentInterface {
	return framework.Ark.ArkV1alpha1().Agents(namespace)
}

func queries(namespace string) arkclient.QueryInterface {
	return framework.Ark.ArkV1alpha1().Queries(namespace)
}

func agent(name string) *v1alpha1.Agent {
	return &v1alpha1.Agent{ObjectMeta: metav1.ObjectMeta{Name: name}, Spec: v1alpha1.AgentSpec{Prompt: new("Be helpful.")}}
}

func query(name string) *v1alpha1.Query {
	return &v1alpha1.Query{
		ObjectMeta: metav1.ObjectMeta{Name: name},
		Spec: v1alpha1.QuerySpec{
			Input:  &v1alpha1.JSON{Raw: `"Does it rain?"`},
			Target: &v1alpha1.QueryTarget{Type: v1alpha1.TargetAgent, Name: "forecaster"},
		},
	}
}

func memory(name string) *v1alpha1.Memory {
	return &v1alpha1.Memory{
		ObjectMeta: metav1.ObjectMeta{Name: name},
		Spec:       v1alpha1.MemorySpec{Address: &v1alpha1.ValueSource{Value: new("http://127.0.0.1")}},
	}
}

// created stores an agent.
func created(ctx context.Context, namespace string, agent *v1alpha1.Agent) *v1alpha1.Agent {
	GinkgoHelper()
	stored, err := agents(namespace).Create(ctx, agent, metav1.CreateOptions{})
	Expect(err).NotTo(HaveOccurred())
	return stored
}

// stored reads an agent.
func stored(ctx context.Context, namespace, name string) *v1alpha1.Agent {
	GinkgoHelper()
	agent, err := agents(namespace).Get(ctx, name, metav1.GetOptions{})
	Expect(err).NotTo(HaveOccurred())
	return agent
}

// conditions of an agent that can be asked.
func available() []metav1.Condition {
	return []metav1.Condition{{Type: "Available", Status: metav1.ConditionTrue, Reason: "Available", LastTransitionTime: metav1.Unix(1, 0)}}
}
