package rbac_test

import (
	"context"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	authenticationv1 "k8s.io/api/authentication/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/rest"

	"ark.ai/apiserver/conformance/framework"
)

var _ = Describe("Impersonation", func() {
	var (
		namespace, token, alice string
		robot                   rbacv1.Subject
	)
	BeforeEach(func(ctx context.Context) {
		namespace = poetIn(ctx)
		token = newAccount(ctx, namespace, "robot")
		robot = accountSubject(namespace, "robot")
		alice = namespace + "-alice"
		grant(ctx, namespace, userSubject(alice), rule(verbs("get", "list"), "agents"))
	})
	// robotAs is the robot's configuration to be somebody else.
	robotAs := func(who rest.ImpersonationConfig) *rest.Config {
		config := bearing(token)
		config.Impersonate = who
		return config
	}
	list := func(ctx context.Context, config *rest.Config) error {
		GinkgoHelper()
		return accessTo("list", "agents").request(ctx, ark(config), namespace)
	}
	may := func(group, resource string, names ...string) rbacv1.PolicyRule {
		return rbacv1.PolicyRule{APIGroups: []string{group}, Resources: []string{resource}, ResourceNames: names, Verbs: verbs("impersonate")}
	}
	deniedTo := func(err error, message string) {
		GinkgoHelper()
		Expect(apierrors.IsForbidden(err)).To(BeTrue(), "%v", err)
		Expect(err).To(MatchError(ContainSubstring(message)))
	}

	It("is denied without a right to it", func(ctx context.Context) {
		deniedTo(list(ctx, robotAs(rest.ImpersonationConfig{UserName: alice})), `User "`+robotUser(namespace)+`" cannot impersonate`)
		deniedTo(list(ctx, robotAs(rest.ImpersonationConfig{UserName: "system:admin", Groups: []string{"system:masters"}})), "cannot impersonate")
	})

	It("gives the rights of the other user, not one's own", func(ctx context.Context) {
		grantEverywhere(ctx, namespace, robot, may("", "users", alice))
		grant(ctx, namespace, robot, rule(verbs("delete"), "agents"))
		config := robotAs(rest.ImpersonationConfig{UserName: alice})
		eventuallyAllowed(ctx, func() error { return list(ctx, config) })
		Expect(whoami(ctx, config).Username).To(Equal(alice))
		eventuallyAllowed(ctx, func() error { return accessTo("delete", "agents").request(ctx, ark(bearing(token)), namespace) })
		expectOnly(ctx, ark(config), alice, namespace, "get agents", "list agents")
		// The right is to be one user.
		deniedTo(list(ctx, robotAs(rest.ImpersonationConfig{UserName: alice + "-2"})), "cannot impersonate")
	})

	It("of groups, identifiers and extra values needs a right to each", func(ctx context.Context) {
		who := rest.ImpersonationConfig{
			UserName: alice,
			UID:      "a11ce",
			Groups:   []string{namespace + "-authors"},
			Extra:    map[string][]string{"example.org/scopes": {"poems"}},
		}
		rights := []rbacv1.PolicyRule{
			may("", "users", alice),
			may("", "groups", namespace+"-authors"),
			may("authentication.k8s.io", "uids", "a11ce"),
			may("authentication.k8s.io", "userextras/example.org/scopes", "poems"),
		}
		for i, right := range rights {
			deniedTo(list(ctx, robotAs(who)), "cannot impersonate")
			grantEverywhere(ctx, namespace, robot, right)
			if i == 0 {
				eventuallyAllowed(ctx, func() error { return list(ctx, robotAs(rest.ImpersonationConfig{UserName: alice})) })
			}
		}
		eventuallyAllowed(ctx, func() error { return list(ctx, robotAs(who)) })
		Expect(whoami(ctx, robotAs(who))).To(Equal(authenticationv1.UserInfo{
			Username: alice,
			UID:      "a11ce",
			Groups:   []string{namespace + "-authors", "system:authenticated"},
			Extra:    map[string]authenticationv1.ExtraValue{"example.org/scopes": {"poems"}},
		}))
		who.Extra["example.org/scopes"] = []string{"poems", "plays"}
		deniedTo(list(ctx, robotAs(who)), "cannot impersonate")
		who.Extra, who.Groups = nil, []string{"system:masters"}
		deniedTo(list(ctx, robotAs(who)), "cannot impersonate")
	})

	It("of service accounts needs a right to the account", func(ctx context.Context) {
		newAccount(ctx, namespace, "android")
		grant(ctx, namespace, accountSubject(namespace, "android"), rule(verbs("list"), "agents"))
		grant(ctx, namespace, robot, may("", "serviceaccounts", "android"))
		config := robotAs(rest.ImpersonationConfig{UserName: accountUser(namespace, "android")})
		eventuallyAllowed(ctx, func() error { return list(ctx, config) })
		Expect(whoami(ctx, config).Groups).To(ConsistOf("system:serviceaccounts", "system:serviceaccounts:"+namespace, "system:authenticated"))
		deniedTo(list(ctx, robotAs(rest.ImpersonationConfig{UserName: accountUser(namespace, "default")})), "cannot impersonate")
	})

	It("may be limited to some requests", func(ctx context.Context) {
		framework.SinceKubernetes("1.36", "constrained impersonation")
		grantEverywhere(ctx, namespace, robot, rbacv1.PolicyRule{
			APIGroups: []string{"authentication.k8s.io"}, Resources: []string{"users"}, ResourceNames: []string{alice}, Verbs: verbs("impersonate:user-info"),
		})
		grant(ctx, namespace, robot, rule(verbs("impersonate-on:user-info:list"), "agents"))
		config := robotAs(rest.ImpersonationConfig{UserName: alice})
		eventuallyAllowed(ctx, func() error { return list(ctx, config) })
		deniedTo(accessTo("get", "agents").request(ctx, ark(config), namespace), "cannot impersonate")
	})

	It("of nobody but a group is no request", func(ctx context.Context) {
		err := ark(bearing(token)).ArkV1alpha1().RESTClient().Get().Namespace(namespace).Resource("agents").
			SetHeader("Impersonate-Group", "system:masters").Do(ctx).Error()
		Expect(apierrors.IsBadRequest(err) || apierrors.IsInternalError(err)).To(BeTrue(), "%v", err)
	})

	It("shows in nothing that is stored", func(ctx context.Context) {
		grantEverywhere(ctx, namespace, robot, may("", "users", alice))
		grant(ctx, namespace, userSubject(alice), rule(verbs("create"), "agents"))
		client := ark(robotAs(rest.ImpersonationConfig{UserName: alice}))
		eventuallyAllowed(ctx, func() error {
			_, err := client.ArkV1alpha1().Agents(namespace).Create(ctx, agent("critic"), metav1.CreateOptions{})
			return err
		})
	})
})

func robotUser(namespace string) string { return accountUser(namespace, "robot") }
