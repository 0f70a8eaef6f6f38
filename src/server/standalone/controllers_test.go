package standalone_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/client-go/dynamic"
)

func TestDeletedNamespacesGoAwayWithTheirObjects(t *testing.T) {
	t.Parallel()
	namespace := shared.namespace(t)
	shared.create(t, agents, namespace, agent("inhabitant"))
	_, err := shared.clients.CoreV1().ConfigMaps(namespace).Create(t.Context(),
		&corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Name: "inhabitant"}}, metav1.CreateOptions{})
	if err != nil {
		t.Fatal(err)
	}
	inhabitant := shared.serve(t, namespace, service("inhabitant", nil))
	if err := shared.clients.CoreV1().Namespaces().Delete(t.Context(), namespace, metav1.DeleteOptions{}); err != nil {
		t.Fatal(err)
	}
	_, err = shared.dynamic.Resource(agents).Namespace(namespace).Create(t.Context(), agent("late"), metav1.CreateOptions{})
	if !apierrors.IsForbidden(err) && !apierrors.IsNotFound(err) {
		t.Errorf("creating in a namespace that is being deleted: %v", err)
	}
	eventually(t, 30*time.Second, func(ctx context.Context) error {
		_, err := shared.clients.CoreV1().Namespaces().Get(ctx, namespace, metav1.GetOptions{})
		if !apierrors.IsNotFound(err) {
			return errors.Join(errors.New("the namespace is still there"), err)
		}
		return nil
	})
	left, err := shared.dynamic.Resource(agents).Namespace(namespace).List(t.Context(), metav1.ListOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if len(left.Items) != 0 {
		t.Errorf("%d agents outlived their namespace", len(left.Items))
	}
	_, err = shared.clients.NetworkingV1().IPAddresses().Get(t.Context(), inhabitant.Spec.ClusterIP, metav1.GetOptions{})
	if !apierrors.IsNotFound(err) {
		t.Errorf("the address of a service that was in the namespace: %v, not free", err)
	}
}

func TestEveryNamespaceHasWhatClientsExpect(t *testing.T) {
	t.Parallel()
	for _, namespace := range []string{metav1.NamespaceDefault, metav1.NamespaceSystem, shared.namespace(t)} {
		eventually(t, 10*time.Second, func(ctx context.Context) error {
			_, accountErr := shared.clients.CoreV1().ServiceAccounts(namespace).Get(ctx, "default", metav1.GetOptions{})
			authorities, err := shared.clients.CoreV1().ConfigMaps(namespace).Get(ctx, "kube-root-ca.crt", metav1.GetOptions{})
			if err := errors.Join(accountErr, err); err != nil {
				return err
			}
			if authorities.Data["ca.crt"] != string(shared.config.CAData) {
				return errors.New("the published authority is not the one of the kubeconfig")
			}
			return nil
		})
	}
}

func TestDependentsAreDeletedWithTheirOwner(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		policy        metav1.DeletionPropagation
		dependentGoes bool
	}{
		{metav1.DeletePropagationBackground, true},
		{metav1.DeletePropagationForeground, true},
		{metav1.DeletePropagationOrphan, false},
	} {
		t.Run(string(test.policy), func(t *testing.T) {
			t.Parallel()
			namespace := shared.namespace(t)
			client := shared.dynamic.Resource(agents).Namespace(namespace)
			owner := shared.create(t, agents, namespace, agent("owner"))
			shared.create(t, agents, namespace, ownedBy(owner, agent("dependent")))
			if err := client.Delete(t.Context(), "owner", metav1.DeleteOptions{PropagationPolicy: &test.policy}); err != nil {
				t.Fatal(err)
			}
			eventually(t, 20*time.Second, func(ctx context.Context) error { return gone(ctx, client, "owner") })
			if test.dependentGoes {
				eventually(t, 20*time.Second, func(ctx context.Context) error { return gone(ctx, client, "dependent") })
				return
			}
			orphan, err := client.Get(t.Context(), "dependent", metav1.GetOptions{})
			if err != nil {
				t.Fatalf("the orphan: %v", err)
			}
			if owners := orphan.GetOwnerReferences(); len(owners) != 0 {
				t.Errorf("the orphan has owners: %v", owners)
			}
		})
	}
}

func ownedBy(owner, dependent *unstructured.Unstructured) *unstructured.Unstructured {
	blocks := true
	dependent.SetOwnerReferences([]metav1.OwnerReference{{
		APIVersion: owner.GetAPIVersion(), Kind: owner.GetKind(), Name: owner.GetName(), UID: owner.GetUID(), BlockOwnerDeletion: &blocks,
	}})
	return dependent
}

func gone(ctx context.Context, client dynamic.ResourceInterface, name string) error {
	_, err := client.Get(ctx, name, metav1.GetOptions{})
	if apierrors.IsNotFound(err) {
		return nil
	}
	return errors.Join(fmt.Errorf("%s is still there", name), err)
}

func TestQuotaCountsArkKinds(t *testing.T) {
	t.Parallel()
	namespace := shared.namespace(t)
	quotas := shared.clients.CoreV1().ResourceQuotas(namespace)
	_, err := quotas.Create(t.Context(), &corev1.ResourceQuota{
		ObjectMeta: metav1.ObjectMeta{Name: "few"},
		Spec:       corev1.ResourceQuotaSpec{Hard: corev1.ResourceList{"count/agents.ark.ai": resource.MustParse("1")}},
	}, metav1.CreateOptions{})
	if err != nil {
		t.Fatal(err)
	}
	eventually(t, 20*time.Second, func(ctx context.Context) error {
		quota, err := quotas.Get(ctx, "few", metav1.GetOptions{})
		if err != nil {
			return err
		}
		if _, counted := quota.Status.Used["count/agents.ark.ai"]; !counted {
			return fmt.Errorf("nothing is counted yet: %v", quota.Status)
		}
		return nil
	})
	shared.create(t, agents, namespace, agent("first"))
	_, err = shared.dynamic.Resource(agents).Namespace(namespace).Create(t.Context(), agent("second"), metav1.CreateOptions{})
	if !apierrors.IsForbidden(err) {
		t.Errorf("above the quota: %v, not forbidden", err)
	}
}
