package machinery_test

import (
	"context"
	"encoding/json"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"

	"ark.ai/apiserver/conformance/framework"
	"ark.ai/apiserver/src/apis/ark/v1alpha1"
	client "ark.ai/apiserver/src/generated/clientset/versioned/typed/ark/v1alpha1"
)

// queries is the client of the resource that most specs use.
func queries(namespace string) client.QueryInterface {
	return framework.Ark.ArkV1alpha1().Queries(namespace)
}

// query is a valid Query.
func query(name string) *v1alpha1.Query {
	return &v1alpha1.Query{
		TypeMeta:   metav1.TypeMeta{APIVersion: "ark.ai/v1alpha1", Kind: "Query"},
		ObjectMeta: metav1.ObjectMeta{Name: name},
		Spec: v1alpha1.QuerySpec{
			Input:  &v1alpha1.JSON{Raw: `"How are you?"`},
			Target: &v1alpha1.QueryTarget{Type: v1alpha1.TargetAgent, Name: "greeter"},
		},
	}
}

// labelled is a valid Query with labels.
func labelled(name string, labels map[string]string) *v1alpha1.Query {
	q := query(name)
	q.Labels = labels
	return q
}

// created creates a Query.
func created(ctx context.Context, namespace string, q *v1alpha1.Query) *v1alpha1.Query {
	GinkgoHelper()
	result, err := queries(namespace).Create(ctx, q, metav1.CreateOptions{})
	Expect(err).NotTo(HaveOccurred())
	return result
}

// patched merges a patch into a Query.
func patched(ctx context.Context, namespace, name, patch string, subresources ...string) *v1alpha1.Query {
	GinkgoHelper()
	result, err := queries(namespace).Patch(ctx, name, types.MergePatchType, []byte(patch), metav1.PatchOptions{}, subresources...)
	Expect(err).NotTo(HaveOccurred())
	return result
}

// deleted deletes a Query that has no finalizer.
func deleted(ctx context.Context, namespace, name string) {
	GinkgoHelper()
	Expect(queries(namespace).Delete(ctx, name, metav1.DeleteOptions{})).To(Succeed())
}

// setPhase is a patch of the status subresource.
func setPhase(phase string) string { return `{"status":{"phase":"` + phase + `"}}` }

// jsonOf is an object as JSON.
func jsonOf(object any) string {
	GinkgoHelper()
	data, err := json.Marshal(object)
	Expect(err).NotTo(HaveOccurred())
	return string(data)
}
