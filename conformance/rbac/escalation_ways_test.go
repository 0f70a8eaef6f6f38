package rbac_test

import (
	"context"
	"encoding/json"
	"maps"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	rbacv1 "k8s.io/api/rbac/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/dynamic"

	"ark.ai/apiserver/conformance/framework"
)

// way is one to write an object, as far as it is a right to one that does not exist yet, or to one
// that does.
type way struct {
	name        string
	new, change bool
	write       func(ctx context.Context, client dynamic.ResourceInterface, object *unstructured.Unstructured) error
}

var waysToWrite = []way{
	{"create", true, false, func(ctx context.Context, client dynamic.ResourceInterface, object *unstructured.Unstructured) error {
		_, err := client.Create(ctx, object, metav1.CreateOptions{})
		return err
	}},
	{"update", true, true, func(ctx context.Context, client dynamic.ResourceInterface, object *unstructured.Unstructured) error {
		_, err := client.Update(ctx, object, metav1.UpdateOptions{})
		return err
	}},
	{"merge patch", false, true, func(ctx context.Context, client dynamic.ResourceInterface, object *unstructured.Unstructured) error {
		return patchWith(ctx, client, object, types.MergePatchType, object.Object)
	}},
	{"JSON patch", false, true, func(ctx context.Context, client dynamic.ResourceInterface, object *unstructured.Unstructured) error {
		var operations []map[string]any
		for field, value := range object.Object {
			operations = append(operations, map[string]any{"op": "add", "path": "/" + field, "value": value})
		}
		return patchWith(ctx, client, object, types.JSONPatchType, operations)
	}},
	{"strategic merge patch", false, true, func(ctx context.Context, client dynamic.ResourceInterface, object *unstructured.Unstructured) error {
		return patchWith(ctx, client, object, types.StrategicMergePatchType, object.Object)
	}},
	{"apply", true, true, func(ctx context.Context, client dynamic.ResourceInterface, object *unstructured.Unstructured) error {
		_, err := client.Apply(ctx, object.GetName(), object, metav1.ApplyOptions{FieldManager: "climber", Force: true})
		return err
	}},
}

func patchWith(ctx context.Context, client dynamic.ResourceInterface, object *unstructured.Unstructured, patchType types.PatchType, patch any) error {
	encoded, err := json.Marshal(patch)
	if err != nil {
		return err
	}
	_, err = client.Patch(ctx, object.GetName(), patchType, encoded, metav1.PatchOptions{})
	return err
}

var _ = Describe("A user who may write all roles and bindings", func() {
	const notHeld = "is attempting to grant RBAC permissions not currently held:"
	var (
		namespace, user string
		// client is the user's, administrator that of somebody who may do everything.
		client, administrator dynamic.Interface
	)
	BeforeEach(func(ctx context.Context) {
		namespace = poetIn(ctx)
		user = namespace + "-user"
		client, administrator = dynamic.NewForConfigOrDie(impersonating(user)), framework.Dynamic
		grantEverywhere(ctx, namespace, userSubject(user), rbacv1.PolicyRule{
			APIGroups: []string{rbacv1.GroupName}, Resources: []string{"roles", "rolebindings", "clusterroles", "clusterrolebindings"},
			Verbs: verbs("get", "create", "update", "patch"),
		}, rule(verbs("get"), "agents"))
	})

	own := []any{asMap(rule(verbs("get"), "agents"))}
	more := []any{asMap(rule(verbs("get", "delete"), "agents"))}
	everything := []any{asMap(rbacv1.PolicyRule{APIGroups: []string{"*"}, Resources: []string{"*"}, Verbs: verbs("*")})}

	// resources are those of a kind that the user and the administrator write.
	resources := func(as dynamic.Interface, kind string) dynamic.ResourceInterface {
		switch kind {
		case "Role":
			return as.Resource(rbacv1.SchemeGroupVersion.WithResource("roles")).Namespace(namespace)
		case "RoleBinding":
			return as.Resource(rbacv1.SchemeGroupVersion.WithResource("rolebindings")).Namespace(namespace)
		case "ClusterRole":
			return as.Resource(rbacv1.SchemeGroupVersion.WithResource("clusterroles"))
		default:
			return as.Resource(rbacv1.SchemeGroupVersion.WithResource("clusterrolebindings"))
		}
	}
	// object is one with a name of its own, which is gone after the spec.
	object := func(kind string, fields map[string]any) *unstructured.Unstructured {
		object := &unstructured.Unstructured{Object: map[string]any{"apiVersion": rbacv1.SchemeGroupVersion.String(), "kind": kind}}
		object.SetName(uniqueName(namespace))
		maps.Copy(object.Object, fields)
		DeferCleanup(func(ctx context.Context) {
			err := resources(administrator, kind).Delete(ctx, object.GetName(), metav1.DeleteOptions{})
			Expect(err == nil || apierrors.IsNotFound(err)).To(BeTrue(), "%v", err)
		})
		return object
	}
	// existing is made by the administrator.
	existing := func(ctx context.Context, kind string, fields map[string]any) *unstructured.Unstructured {
		GinkgoHelper()
		made := object(kind, fields)
		_, err := resources(administrator, kind).Create(ctx, made, metav1.CreateOptions{})
		Expect(err).NotTo(HaveOccurred())
		return made.DeepCopy()
	}
	// known waits until the user's rights are.
	known := func(ctx context.Context) {
		GinkgoHelper()
		eventuallyAllowed(ctx, func() error {
			return waysToWrite[0].write(ctx, resources(client, "ClusterRole"), object("ClusterRole", map[string]any{"rules": own}))
		})
	}
	// refused wants a way to have changed nothing.
	refused := func(ctx context.Context, way way, kind string, write *unstructured.Unstructured, message string) {
		GinkgoHelper()
		before, _ := resources(administrator, kind).Get(ctx, write.GetName(), metav1.GetOptions{})
		err := way.write(ctx, resources(client, kind), write)
		Expect(apierrors.IsForbidden(err)).To(BeTrue(), "%s: %v", way.name, err)
		Expect(err).To(MatchError(ContainSubstring(message)), way.name)
		after, _ := resources(administrator, kind).Get(ctx, write.GetName(), metav1.GetOptions{})
		Expect(after).To(Equal(before), way.name)
	}

	for _, kind := range []string{"Role", "ClusterRole"} {
		It("can't write more into a "+kind+" than they have, in whatever way", func(ctx context.Context) {
			known(ctx)
			for _, way := range waysToWrite {
				if way.new {
					refused(ctx, way, kind, object(kind, map[string]any{"rules": more}), notHeld)
				}
				if way.change {
					weak := existing(ctx, kind, map[string]any{"rules": own})
					weak.Object["rules"] = more
					refused(ctx, way, kind, weak, notHeld)
				}
			}
		})

		It("writes what they like into a "+kind+" with the right to escalate", func(ctx context.Context) {
			resource := map[string]string{"Role": "roles", "ClusterRole": "clusterroles"}[kind]
			grantEverywhere(ctx, namespace, userSubject(user), rbacv1.PolicyRule{APIGroups: []string{rbacv1.GroupName}, Resources: []string{resource}, Verbs: verbs("escalate")})
			for _, way := range waysToWrite {
				weak := existing(ctx, kind, map[string]any{"rules": own})
				weak.Object["rules"] = more
				if way.change {
					eventuallyAllowed(ctx, func() error { return way.write(ctx, resources(client, kind), weak) })
				} else {
					eventuallyAllowed(ctx, func() error {
						return way.write(ctx, resources(client, kind), object(kind, map[string]any{"rules": more}))
					})
				}
			}
			// It is no right to give the role to somebody.
			strong := existing(ctx, kind, map[string]any{"rules": more})
			refused(ctx, waysToWrite[0], "RoleBinding", object("RoleBinding", bindingFields(kind, strong.GetName(), user)), notHeld)
		})
	}

	for _, kind := range []string{"RoleBinding", "ClusterRoleBinding"} {
		It("can't give a role that has more than they have by a "+kind+", in whatever way", func(ctx context.Context) {
			known(ctx)
			strong := existing(ctx, "ClusterRole", map[string]any{"rules": more})
			for _, way := range waysToWrite {
				for _, role := range []string{strong.GetName(), "cluster-admin"} {
					if way.new {
						refused(ctx, way, kind, object(kind, bindingFields("ClusterRole", role, user)), notHeld)
					}
					if way.change {
						others := existing(ctx, kind, bindingFields("ClusterRole", role, namespace+"-owner"))
						others.Object["subjects"] = []any{asMap(userSubject(user))}
						refused(ctx, way, kind, others, notHeld)
					}
				}
			}
		})
	}

	It("can't give a role before somebody makes it", func(ctx context.Context) {
		known(ctx)
		for _, kind := range []string{"RoleBinding", "ClusterRoleBinding"} {
			err := waysToWrite[0].write(ctx, resources(client, kind), object(kind, bindingFields("ClusterRole", uniqueName(namespace), user)))
			Expect(apierrors.IsNotFound(err)).To(BeTrue(), "%v", err)
		}
	})

	It("gives a role in one namespace with the right to bind it there, and not in all", func(ctx context.Context) {
		strong := existing(ctx, "ClusterRole", map[string]any{"rules": more})
		grant(ctx, namespace, userSubject(user), rbacv1.PolicyRule{
			APIGroups: []string{rbacv1.GroupName}, Resources: []string{"clusterroles"}, ResourceNames: []string{strong.GetName()}, Verbs: verbs("bind"),
		})
		for _, way := range waysToWrite {
			if way.new {
				eventuallyAllowed(ctx, func() error {
					return way.write(ctx, resources(client, "RoleBinding"), object("RoleBinding", bindingFields("ClusterRole", strong.GetName(), user)))
				})
				refused(ctx, way, "ClusterRoleBinding", object("ClusterRoleBinding", bindingFields("ClusterRole", strong.GetName(), user)), notHeld)
			}
		}
	})

	It("can't have a role collect the rights of others, nor put more into one that does", func(ctx context.Context) {
		const needsAll = "must have cluster-admin privileges to use the aggregationRule"
		known(ctx)
		collect := map[string]any{"clusterRoleSelectors": []any{map[string]any{"matchLabels": map[string]any{"example.org/aggregate-to": namespace}}}}
		for _, way := range waysToWrite {
			if way.new {
				refused(ctx, way, "ClusterRole", object("ClusterRole", map[string]any{"aggregationRule": collect, "rules": []any{}}), needsAll)
			}
			if way.change {
				weak := existing(ctx, "ClusterRole", map[string]any{"rules": own})
				weak.Object["aggregationRule"] = collect
				refused(ctx, way, "ClusterRole", weak, needsAll)

				label := map[string]any{"labels": map[string]any{"example.org/aggregate-to": namespace}}
				strong := existing(ctx, "ClusterRole", map[string]any{"rules": everything})
				maps.Copy(strong.Object["metadata"].(map[string]any), label)
				refused(ctx, way, "ClusterRole", strong, notHeld)
			}
		}
	})
})

// bindingFields are those of a binding that gives a role to a user.
func bindingFields(kind, role, user string) map[string]any {
	return map[string]any{
		"roleRef":  asMap(rbacv1.RoleRef{APIGroup: rbacv1.GroupName, Kind: kind, Name: role}),
		"subjects": []any{asMap(userSubject(user))},
	}
}

func asMap[T any](value T) map[string]any {
	converted, err := runtime.DefaultUnstructuredConverter.ToUnstructured(&value)
	if err != nil {
		panic(err)
	}
	return converted
}
