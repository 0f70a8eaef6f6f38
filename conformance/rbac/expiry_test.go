package rbac_test

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"strings"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"gopkg.in/go-jose/go-jose.v2"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/client-go/util/keyutil"

	"ark.ai/apiserver/conformance/framework"
)

// Nobody waits for the ten minutes that a token lives at least, so the key of the server signs what
// it would have signed earlier.
var _ = Describe("The lifetime of a service account's token", func() {
	var namespace, token string
	BeforeEach(func(ctx context.Context) {
		if framework.Env.ServiceAccountKey == "" {
			Skip("nobody knows the key by which this environment signs tokens")
		}
		namespace = poetIn(ctx)
		token = newAccount(ctx, namespace, "robot")
		grant(ctx, namespace, accountSubject(namespace, "robot"), rule(verbs("list"), "agents"))
	})
	listWith := func(ctx context.Context, token string) error {
		return accessTo("list", "agents").request(ctx, ark(bearing(token)), namespace)
	}
	// issued is the same token as if it had been made at another time.
	issued := func(ago time.Duration) string {
		GinkgoHelper()
		return signedAgain(token, func(claims map[string]any) {
			begin := time.Now().Add(-ago)
			claims["iat"], claims["nbf"], claims["exp"] = begin.Unix(), begin.Unix(), begin.Add(10*time.Minute).Unix()
		})
	}

	It("has begun and not ended", func(ctx context.Context) {
		eventuallyAllowed(ctx, func() error { return listWith(ctx, issued(5*time.Minute)) })
	})

	DescribeTable("is over, or has not begun", func(ctx context.Context, ago time.Duration) {
		Expect(listWith(ctx, issued(ago))).To(Satisfy(apierrors.IsUnauthorized))
	},
		Entry("five minutes ago", 15*time.Minute),
		Entry("a year ago", 365*24*time.Hour),
		Entry("begins in an hour", -time.Hour),
	)
})

// signedAgain is a token with other claims and a signature that is right.
func signedAgain(token string, change func(claims map[string]any)) string {
	GinkgoHelper()
	parts := strings.Split(token, ".")
	Expect(parts).To(HaveLen(3))
	var header struct{ Alg, Kid string }
	claims := map[string]any{}
	for part, into := range map[string]any{parts[0]: &header, parts[1]: &claims} {
		text, err := base64.RawURLEncoding.DecodeString(part)
		Expect(err).NotTo(HaveOccurred())
		Expect(json.Unmarshal(text, into)).To(Succeed())
	}
	change(claims)
	payload, err := json.Marshal(claims)
	Expect(err).NotTo(HaveOccurred())
	key, err := keyutil.PrivateKeyFromFile(framework.Env.ServiceAccountKey)
	Expect(err).NotTo(HaveOccurred())
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.SignatureAlgorithm(header.Alg), Key: jose.JSONWebKey{Key: key, KeyID: header.Kid}}, nil)
	Expect(err).NotTo(HaveOccurred())
	signed, err := signer.Sign(payload)
	Expect(err).NotTo(HaveOccurred())
	serialized, err := signed.CompactSerialize()
	Expect(err).NotTo(HaveOccurred())
	return serialized
}
