package aggregated_test

import (
	"context"
	"crypto/tls"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

var _ = Describe("The serving certificate", func() {
	It("is replaced without a restart", func(ctx context.Context) {
		s := start(ctx)
		before := s.servedSerial(ctx)
		s.issueCertificate()
		Eventually(func() string { return s.servedSerial(ctx) }).WithTimeout(readyTimeout).ShouldNot(Equal(before))
		Expect(s.ExitCode()).To(Equal(-1), "the server goes on")
	})
})

func (s *server) servedSerial(ctx context.Context) string {
	GinkgoHelper()
	// Which certificate it is is all that is asked.
	dialer := &tls.Dialer{Config: &tls.Config{InsecureSkipVerify: true}} //nolint:gosec
	connection, err := dialer.DialContext(ctx, "tcp", s.address)
	Expect(err).NotTo(HaveOccurred())
	defer connection.Close()
	return connection.(*tls.Conn).ConnectionState().PeerCertificates[0].SerialNumber.String()
}
