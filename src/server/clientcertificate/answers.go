package clientcertificate

import (
	"crypto/sha256"
	"crypto/x509"
	"net/http"
	"time"

	"k8s.io/apimachinery/pkg/util/cache"
	"k8s.io/apiserver/pkg/authentication/authenticator"
	"k8s.io/apiserver/pkg/authentication/request/headerrequest"
	"k8s.io/apiserver/pkg/server/dynamiccertificates"
)

const (
	// answerLifetime is upstream's for tokens.
	answerLifetime = 10 * time.Second
	maxAnswers     = 4096
)

// answers are of an authenticator that decides by the certificate of a connection alone.
type answers struct {
	authenticator authenticator.Request
	authorities   dynamiccertificates.CAContentProvider
	names         headerrequest.StringSliceProvider // that a certificate may have; nil for any
	known         *cache.LRUExpireCache             // question → *authenticator.Response
}

// question is all that an answer depends on. A certificate is parsed once for a connection: what
// has the same address is the same, with its key proven.
type question struct {
	certificate *x509.Certificate
	trusted     [sha256.Size]byte
}

func newAnswers(authorities dynamiccertificates.CAContentProvider, names headerrequest.StringSliceProvider, a authenticator.Request) *answers {
	return &answers{authenticator: a, authorities: authorities, names: names, known: cache.NewLRUExpireCache(maxAnswers)}
}

// AuthenticateRequest implements authenticator.Request. What is not authenticated it leaves to
// others, who say why.
func (a *answers) AuthenticateRequest(request *http.Request) (*authenticator.Response, bool, error) {
	if request.TLS == nil || len(request.TLS.PeerCertificates) == 0 {
		return nil, false, nil
	}
	q := question{certificate: request.TLS.PeerCertificates[0], trusted: a.trusted()}
	if answer, found := a.known.Get(q); found && time.Now().Before(q.certificate.NotAfter) {
		return answer.(*authenticator.Response), true, nil
	}
	answer, ok, err := a.authenticator.AuthenticateRequest(request)
	if err != nil || !ok {
		return nil, false, nil //nolint:nilerr // upstream's authenticator says so
	}
	a.known.Add(q, answer, answerLifetime)
	return answer, true, nil
}

// trusted is the hash of what is trusted now.
func (a *answers) trusted() (sum [sha256.Size]byte) {
	h := sha256.New()
	h.Write(a.authorities.CurrentCABundleContent())
	if a.names != nil {
		for _, name := range a.names.Value() {
			h.Write([]byte{0})
			h.Write([]byte(name))
		}
	}
	h.Sum(sum[:0])
	return sum
}
