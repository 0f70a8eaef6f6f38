package standalone_test

import (
	"context"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	authenticationv1 "k8s.io/api/authentication/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

var _ = DescribeTable("A token of a service account", func(ctx context.Context, asked *int64, valid time.Duration, flags ...string) {
	s := start(ctx, newDir(), newDatabase(), flags...)
	s.hasServiceAccount(ctx, metav1.NamespaceDefault)
	request, err := s.client().CoreV1().ServiceAccounts(metav1.NamespaceDefault).CreateToken(ctx, "default",
		&authenticationv1.TokenRequest{Spec: authenticationv1.TokenRequestSpec{ExpirationSeconds: asked}}, metav1.CreateOptions{})
	Expect(err).NotTo(HaveOccurred())
	Expect(request.Status.ExpirationTimestamp.Time).To(BeTemporally("~", time.Now().Add(valid), time.Minute))
},
	Entry("is valid for an hour", nil, time.Hour),
	Entry("is valid for as long as was asked for", new(int64(8*60*60)), 8*time.Hour),
	Entry("is valid for no longer than --service-account-max-token-expiration", new(int64(365*24*60*60)), 24*time.Hour,
		"--service-account-max-token-expiration=24h"),
)
