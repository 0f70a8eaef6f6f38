package standalone

import (
	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	genericapiserver "k8s.io/apiserver/pkg/server"

	rbacrest "k8s.io/kubernetes/pkg/registry/rbac/rest"

	"ark.ai/apiserver/src/apis/ark/v1alpha1"
	"ark.ai/apiserver/src/registry"
)

// addArkRoles extends Kubernetes' roles view, edit and admin to the Ark kinds, as Kubernetes' own
// bootstrap roles do it for its kinds: with cluster roles that are aggregated into them. What is of
// the whole cluster they may read.
func addArkRoles(server *genericapiserver.GenericAPIServer) error {
	var all, namespaced []string
	for _, kind := range registry.Describe() {
		all = append(all, kind.Plural)
		if kind.Namespaced {
			namespaced = append(namespaced, kind.Plural)
		}
	}
	policy := rbacrest.PolicyData{ClusterRoles: []rbacv1.ClusterRole{
		arkRole("view", all, "get", "list", "watch"),
		arkRole("edit", namespaced, "create", "update", "patch", "delete", "deletecollection"),
	}}
	return server.AddPostStartHook("rbac/bootstrap-ark-roles", policy.EnsureRBACPolicy())
}

// arkRole adds verbs to the role of that name, and to those that contain it. Status is not for them
// to write.
func arkRole(role string, resources []string, verbs ...string) rbacv1.ClusterRole {
	return rbacv1.ClusterRole{
		ObjectMeta: metav1.ObjectMeta{
			Name: "system:ark:aggregate-to-" + role,
			Labels: map[string]string{
				"kubernetes.io/bootstrapping":                    "rbac-defaults",
				"rbac.authorization.k8s.io/aggregate-to-" + role: "true",
			},
		},
		Rules: []rbacv1.PolicyRule{{APIGroups: []string{v1alpha1.GroupName}, Resources: resources, Verbs: verbs}},
	}
}
