package rbac_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"

	"ark.ai/apiserver/conformance/framework"
	"ark.ai/apiserver/src/apis/ark/v1alpha1"
	"ark.ai/apiserver/src/generated/clientset/versioned"
)

var dryRun = []string{metav1.DryRunAll}

// access is a request for agents that needs one right. It changes nothing.
type access struct {
	// verb and resource, with a subresource if there is one, are what it needs the right to.
	verb, resource string
	// name is of the agent if there is one in the URL.
	name string
	// request makes it. No namespace stands for all of them.
	request func(ctx context.Context, client versioned.Interface, namespace string) error
}

// accesses are all that there are for the agent "poet".
var accesses = []access{
	{"get", "agents", "poet", func(ctx context.Context, client versioned.Interface, namespace string) error {
		_, err := client.ArkV1alpha1().Agents(namespace).Get(ctx, "poet", metav1.GetOptions{})
		return err
	}},
	{"list", "agents", "", func(ctx context.Context, client versioned.Interface, namespace string) error {
		_, err := client.ArkV1alpha1().Agents(namespace).List(ctx, metav1.ListOptions{})
		return err
	}},
	{"watch", "agents", "", func(ctx context.Context, client versioned.Interface, namespace string) error {
		watch, err := client.ArkV1alpha1().Agents(namespace).Watch(ctx, metav1.ListOptions{})
		if err == nil {
			watch.Stop()
		}
		return err
	}},
	{"create", "agents", "", func(ctx context.Context, client versioned.Interface, namespace string) error {
		_, err := client.ArkV1alpha1().Agents(namespace).Create(ctx, agent("critic"), metav1.CreateOptions{DryRun: dryRun})
		return err
	}},
	{"update", "agents", "poet", func(ctx context.Context, client versioned.Interface, namespace string) error {
		_, err := client.ArkV1alpha1().Agents(namespace).Update(ctx, current(ctx, namespace), metav1.UpdateOptions{DryRun: dryRun})
		return err
	}},
	{"patch", "agents", "poet", func(ctx context.Context, client versioned.Interface, namespace string) error {
		_, err := client.ArkV1alpha1().Agents(namespace).Patch(ctx, "poet", types.MergePatchType, []byte(`{"spec": {"prompt": "Rhyme."}}`), metav1.PatchOptions{DryRun: dryRun})
		return err
	}},
	{"delete", "agents", "poet", func(ctx context.Context, client versioned.Interface, namespace string) error {
		return client.ArkV1alpha1().Agents(namespace).Delete(ctx, "poet", metav1.DeleteOptions{DryRun: dryRun})
	}},
	{"deletecollection", "agents", "", func(ctx context.Context, client versioned.Interface, namespace string) error {
		return client.ArkV1alpha1().Agents(namespace).DeleteCollection(ctx, metav1.DeleteOptions{DryRun: dryRun}, metav1.ListOptions{})
	}},
	{"get", "agents/status", "poet", func(ctx context.Context, client versioned.Interface, namespace string) error {
		return client.ArkV1alpha1().RESTClient().Get().Namespace(namespace).Resource("agents").Name("poet").SubResource("status").Do(ctx).Error()
	}},
	{"update", "agents/status", "poet", func(ctx context.Context, client versioned.Interface, namespace string) error {
		_, err := client.ArkV1alpha1().Agents(namespace).UpdateStatus(ctx, current(ctx, namespace), metav1.UpdateOptions{DryRun: dryRun})
		return err
	}},
	{"patch", "agents/status", "poet", func(ctx context.Context, client versioned.Interface, namespace string) error {
		_, err := client.ArkV1alpha1().Agents(namespace).Patch(ctx, "poet", types.MergePatchType, []byte(`{"status": {}}`), metav1.PatchOptions{DryRun: dryRun}, "status")
		return err
	}},
}

func (a access) String() string { return a.verb + " " + a.resource }

// accessTo finds one by its verb and resource.
func accessTo(verb, resource string) access {
	GinkgoHelper()
	i := slices.IndexFunc(accesses, func(a access) bool { return a.verb == verb && a.resource == resource })
	Expect(i).NotTo(Equal(-1), "%s %s", verb, resource)
	return accesses[i]
}

// expectDenied wants the answer that Kubernetes gives to a user without the right.
func (a access) expectDenied(err error, user, namespace string) {
	GinkgoHelper()
	Expect(apierrors.IsForbidden(err)).To(BeTrue(), "%s: %v", a, err)
	where := fmt.Sprintf("in the namespace %q", namespace)
	if namespace == "" {
		where = "at the cluster scope"
	}
	what := "agents.ark.ai"
	if a.name != "" {
		what += fmt.Sprintf(" %q", a.name)
	}
	status := statusOf(err)
	Expect(status.Message).To(Equal(fmt.Sprintf(`%s is forbidden: User %q cannot %s resource %q in API group "ark.ai" %s`, what, user, a.verb, a.resource, where)))
	Expect(status.Status).To(Equal(metav1.StatusFailure))
	Expect(status.Reason).To(Equal(metav1.StatusReasonForbidden))
	Expect(status.Code).To(BeEquivalentTo(http.StatusForbidden))
	Expect(status.Details).To(Equal(&metav1.StatusDetails{Group: "ark.ai", Kind: "agents", Name: a.name}))
}

// statusOf is what the server said.
func statusOf(err error) metav1.Status {
	GinkgoHelper()
	status := &apierrors.StatusError{}
	Expect(errors.As(err, &status)).To(BeTrue(), "%v", err)
	return status.ErrStatus
}

// expectOnly wants a user to have no other rights than some, written as "verb resource", once they
// are known.
func expectOnly(ctx context.Context, client versioned.Interface, user, namespace string, allowed ...string) {
	GinkgoHelper()
	for _, access := range accesses {
		if slices.Contains(allowed, access.String()) {
			eventuallyAllowed(ctx, func() error { return access.request(ctx, client, namespace) })
		}
	}
	for _, access := range accesses {
		if !slices.Contains(allowed, access.String()) {
			access.expectDenied(access.request(ctx, client, namespace), user, namespace)
		}
	}
}

// expectNothingEverywhere wants a user to have no rights that cover all namespaces.
func expectNothingEverywhere(ctx context.Context, client versioned.Interface, user string) {
	GinkgoHelper()
	for _, verb := range []string{"list", "watch"} {
		access := accessTo(verb, "agents")
		access.expectDenied(access.request(ctx, client, metav1.NamespaceAll), user, metav1.NamespaceAll)
	}
}

// allAccesses are those of one resource, as expectOnly wants them.
func allAccesses(resource string) []string {
	var names []string
	for _, access := range accesses {
		if access.resource == resource {
			names = append(names, access.String())
		}
	}
	return names
}

// poetIn makes a namespace that has the agent "poet".
func poetIn(ctx context.Context) (namespace string) {
	GinkgoHelper()
	namespace = framework.Namespace(ctx)
	_, err := framework.Ark.ArkV1alpha1().Agents(namespace).Create(ctx, agent("poet"), metav1.CreateOptions{})
	Expect(err).NotTo(HaveOccurred())
	return namespace
}

func agent(name string) *v1alpha1.Agent {
	return &v1alpha1.Agent{ObjectMeta: metav1.ObjectMeta{Name: name}, Spec: v1alpha1.AgentSpec{Prompt: new("Be helpful.")}}
}

// current is the agent "poet" as it is stored.
func current(ctx context.Context, namespace string) *v1alpha1.Agent {
	GinkgoHelper()
	agent, err := framework.Ark.ArkV1alpha1().Agents(namespace).Get(ctx, "poet", metav1.GetOptions{})
	Expect(err).NotTo(HaveOccurred())
	return agent
}

// resourceOf and subresourceOf are the parts of "agents/status".
func resourceOf(path string) string {
	resource, _, _ := strings.Cut(path, "/")
	return resource
}

func subresourceOf(path string) string {
	_, subresource, _ := strings.Cut(path, "/")
	return subresource
}
