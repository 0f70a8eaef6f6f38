package standalone_test

import (
	"context"
	"encoding/json"
	"encoding/pem"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	admissionreviewv1 "k8s.io/api/admission/v1"
	admissionv1 "k8s.io/api/admissionregistration/v1"
	authenticationv1 "k8s.io/api/authentication/v1"
	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/rest"
)

// asServiceAccount makes a service account, binds it to a role and connects with a token of it.
func asServiceAccount(t *testing.T, server *runningServer, namespace string, role rbacv1.RoleRef) *dynamic.DynamicClient {
	t.Helper()
	const name = "robot"
	if _, err := server.clients.CoreV1().ServiceAccounts(namespace).Create(t.Context(),
		&corev1.ServiceAccount{ObjectMeta: metav1.ObjectMeta{Name: name}}, metav1.CreateOptions{}); err != nil {
		t.Fatal(err)
	}
	if _, err := server.clients.RbacV1().RoleBindings(namespace).Create(t.Context(), &rbacv1.RoleBinding{
		ObjectMeta: metav1.ObjectMeta{Name: name},
		RoleRef:    role,
		Subjects:   []rbacv1.Subject{{Kind: rbacv1.ServiceAccountKind, Namespace: namespace, Name: name}},
	}, metav1.CreateOptions{}); err != nil {
		t.Fatal(err)
	}
	client, err := dynamic.NewForConfig(withToken(server.config, tokenOf(t, server, namespace, name)))
	if err != nil {
		t.Fatal(err)
	}
	return client
}

func tokenOf(t *testing.T, server *runningServer, namespace, account string) string {
	t.Helper()
	token, err := server.clients.CoreV1().ServiceAccounts(namespace).CreateToken(t.Context(), account, &authenticationv1.TokenRequest{}, metav1.CreateOptions{})
	if err != nil {
		t.Fatalf("requesting a token: %v", err)
	}
	return token.Status.Token
}

func withToken(config *rest.Config, token string) *rest.Config {
	config = rest.AnonymousClientConfig(config)
	config.BearerToken = token
	config.QPS = -1
	return config
}

func TestServiceAccountMayDoWhatItsRoleSays(t *testing.T) {
	t.Parallel()
	namespace := shared.namespace(t)
	if _, err := shared.clients.RbacV1().Roles(namespace).Create(t.Context(), &rbacv1.Role{
		ObjectMeta: metav1.ObjectMeta{Name: "agent-reader"},
		Rules:      []rbacv1.PolicyRule{{APIGroups: []string{"ark.ai"}, Resources: []string{"agents"}, Verbs: []string{"get", "list"}}},
	}, metav1.CreateOptions{}); err != nil {
		t.Fatal(err)
	}
	robot := asServiceAccount(t, shared, namespace, rbacv1.RoleRef{Kind: "Role", Name: "agent-reader"})

	eventually(t, 5*time.Second, func(ctx context.Context) error {
		_, err := robot.Resource(agents).Namespace(namespace).List(ctx, metav1.ListOptions{})
		return err
	})
	if _, err := robot.Resource(models).Namespace(namespace).List(t.Context(), metav1.ListOptions{}); !apierrors.IsForbidden(err) {
		t.Errorf("listing models: %v, not forbidden", err)
	}
	if _, err := robot.Resource(agents).Namespace(namespace).Create(t.Context(), agent("x"), metav1.CreateOptions{}); !apierrors.IsForbidden(err) {
		t.Errorf("creating an agent: %v, not forbidden", err)
	}
	if _, err := robot.Resource(agents).Namespace(metav1.NamespaceDefault).List(t.Context(), metav1.ListOptions{}); !apierrors.IsForbidden(err) {
		t.Errorf("listing agents elsewhere: %v, not forbidden", err)
	}

	if err := shared.clients.CoreV1().ServiceAccounts(namespace).Delete(t.Context(), "robot", metav1.DeleteOptions{}); err != nil {
		t.Fatal(err)
	}
	// An accepted token is remembered for ten seconds.
	eventually(t, 20*time.Second, func(ctx context.Context) error {
		_, err := robot.Resource(agents).Namespace(namespace).List(ctx, metav1.ListOptions{})
		if !apierrors.IsUnauthorized(err) {
			return errors.Join(errors.New("the token outlives its service account"), err)
		}
		return nil
	})
}

func TestKubernetesRolesCoverArkKinds(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		role                      string
		mayCreate, mayWriteStatus bool
	}{
		{"view", false, false},
		{"edit", true, false},
		{"admin", true, false},
	} {
		t.Run(test.role, func(t *testing.T) {
			t.Parallel()
			namespace := shared.namespace(t)
			robot := asServiceAccount(t, shared, namespace, rbacv1.RoleRef{Kind: "ClusterRole", Name: test.role}).Resource(agents).Namespace(namespace)
			eventually(t, 5*time.Second, func(ctx context.Context) error {
				_, err := robot.List(ctx, metav1.ListOptions{})
				return err
			})
			created, err := robot.Create(t.Context(), agent("x"), metav1.CreateOptions{})
			if test.mayCreate && err != nil || !test.mayCreate && !apierrors.IsForbidden(err) {
				t.Fatalf("creating an agent: %v", err)
			}
			if !test.mayCreate {
				return
			}
			if _, err := robot.UpdateStatus(t.Context(), created, metav1.UpdateOptions{}); !apierrors.IsForbidden(err) {
				t.Errorf("writing status: %v, not forbidden", err)
			}
		})
	}
}

func TestStrangersMayDoNothing(t *testing.T) {
	t.Parallel()
	for name, config := range map[string]*rest.Config{
		"anonymous":   rest.AnonymousClientConfig(shared.config),
		"wrong token": withToken(shared.config, "wrong"),
	} {
		client, err := dynamic.NewForConfig(config)
		if err != nil {
			t.Fatal(err)
		}
		_, err = client.Resource(agents).List(t.Context(), metav1.ListOptions{})
		if !apierrors.IsForbidden(err) && !apierrors.IsUnauthorized(err) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAdmissionPolicyRefusesAModel(t *testing.T) {
	t.Parallel()
	namespace := shared.namespace(t)
	fail := admissionv1.Fail
	policies := shared.clients.AdmissionregistrationV1()
	if _, err := policies.ValidatingAdmissionPolicies().Create(t.Context(), &admissionv1.ValidatingAdmissionPolicy{
		ObjectMeta: metav1.ObjectMeta{Name: "no-expensive-models"},
		Spec: admissionv1.ValidatingAdmissionPolicySpec{
			FailurePolicy: &fail,
			MatchConstraints: &admissionv1.MatchResources{ResourceRules: []admissionv1.NamedRuleWithOperations{{
				RuleWithOperations: admissionv1.RuleWithOperations{
					Operations: []admissionv1.OperationType{admissionv1.Create, admissionv1.Update},
					Rule:       admissionv1.Rule{APIGroups: []string{"ark.ai"}, APIVersions: []string{"v1alpha1"}, Resources: []string{"models"}},
				},
			}}},
			Validations: []admissionv1.Validation{{
				Expression: "!object.spec.model.value.startsWith('expensive')",
				Message:    "too expensive",
			}},
		},
	}, metav1.CreateOptions{}); err != nil {
		t.Fatal(err)
	}
	if _, err := policies.ValidatingAdmissionPolicyBindings().Create(t.Context(), &admissionv1.ValidatingAdmissionPolicyBinding{
		ObjectMeta: metav1.ObjectMeta{Name: "no-expensive-models"},
		Spec: admissionv1.ValidatingAdmissionPolicyBindingSpec{
			PolicyName:        "no-expensive-models",
			ValidationActions: []admissionv1.ValidationAction{admissionv1.Deny},
			MatchResources: &admissionv1.MatchResources{NamespaceSelector: &metav1.LabelSelector{
				MatchLabels: map[string]string{corev1.LabelMetadataName: namespace},
			}},
		},
	}, metav1.CreateOptions{}); err != nil {
		t.Fatal(err)
	}

	client := shared.dynamic.Resource(models).Namespace(namespace)
	eventually(t, 20*time.Second, func(ctx context.Context) error {
		_, err := client.Create(ctx, model("expensive-1"), metav1.CreateOptions{DryRun: []string{metav1.DryRunAll}})
		if err == nil {
			return errors.New("the policy is not in force")
		}
		if !strings.Contains(err.Error(), "too expensive") {
			return err
		}
		return nil
	})
	shared.create(t, models, namespace, model("cheap-1"))

	// The policy's status reports whether its expressions fit the Ark types.
	eventually(t, 20*time.Second, func(ctx context.Context) error {
		policy, err := policies.ValidatingAdmissionPolicies().Get(ctx, "no-expensive-models", metav1.GetOptions{})
		if err != nil {
			return err
		}
		if policy.Status.TypeChecking == nil {
			return errors.New("types are not checked")
		}
		if len(policy.Status.TypeChecking.ExpressionWarnings) != 0 {
			t.Errorf("warnings: %v", policy.Status.TypeChecking.ExpressionWarnings)
		}
		return nil
	})
}

func TestWebhooksAreAskedAboutArkKinds(t *testing.T) {
	t.Parallel()
	namespace := shared.namespace(t)
	webhook := httptest.NewTLSServer(http.HandlerFunc(func(response http.ResponseWriter, request *http.Request) {
		var review admissionreviewv1.AdmissionReview
		if err := json.NewDecoder(request.Body).Decode(&review); err != nil {
			http.Error(response, err.Error(), http.StatusBadRequest)
			return
		}
		review.Response = &admissionreviewv1.AdmissionResponse{
			UID:     review.Request.UID,
			Allowed: review.Request.Name != "unwanted",
			Result:  &metav1.Status{Message: "not here"},
		}
		response.Header().Set("Content-Type", "application/json")
		if err := json.NewEncoder(response).Encode(review); err != nil {
			t.Error(err)
		}
	}))
	t.Cleanup(webhook.Close)
	authority := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: webhook.Certificate().Raw})
	none := admissionv1.SideEffectClassNone
	if _, err := shared.clients.AdmissionregistrationV1().ValidatingWebhookConfigurations().Create(t.Context(), &admissionv1.ValidatingWebhookConfiguration{
		ObjectMeta: metav1.ObjectMeta{Name: "test"},
		Webhooks: []admissionv1.ValidatingWebhook{{
			Name:                    "agents.example.org",
			AdmissionReviewVersions: []string{"v1"},
			SideEffects:             &none,
			ClientConfig:            admissionv1.WebhookClientConfig{URL: &webhook.URL, CABundle: authority},
			NamespaceSelector:       &metav1.LabelSelector{MatchLabels: map[string]string{corev1.LabelMetadataName: namespace}},
			Rules: []admissionv1.RuleWithOperations{{
				Operations: []admissionv1.OperationType{admissionv1.Create},
				Rule:       admissionv1.Rule{APIGroups: []string{"ark.ai"}, APIVersions: []string{"v1alpha1"}, Resources: []string{"agents"}},
			}},
		}},
	}, metav1.CreateOptions{}); err != nil {
		t.Fatal(err)
	}
	client := shared.dynamic.Resource(agents).Namespace(namespace)
	eventually(t, 20*time.Second, func(ctx context.Context) error {
		_, err := client.Create(ctx, agent("unwanted"), metav1.CreateOptions{DryRun: []string{metav1.DryRunAll}})
		if err == nil {
			return errors.New("the webhook is not asked")
		}
		if !strings.Contains(err.Error(), "not here") {
			return err
		}
		return nil
	})
	shared.create(t, agents, namespace, agent("wanted"))
}
