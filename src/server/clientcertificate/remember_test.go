package clientcertificate

import (
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"net/http"
	"reflect"
	"sync/atomic"
	"testing"
	"time"

	"k8s.io/apiserver/pkg/authentication/authenticatorfactory"
	"k8s.io/apiserver/pkg/authentication/request/headerrequest"
	genericapiserver "k8s.io/apiserver/pkg/server"
	"k8s.io/apiserver/pkg/server/dynamiccertificates"

	"ark.ai/apiserver/src/server/certificate"
)

// trusted are authorities that can be replaced, and counted how often something is verified with.
type trusted struct {
	dynamiccertificates.CAContentProvider
	verified atomic.Int64
}

func (a *trusted) VerifyOptions() (x509.VerifyOptions, bool) {
	a.verified.Add(1)
	return a.CAContentProvider.VerifyOptions()
}

func (a *trusted) replace(t *testing.T, authority *certificate.Pair) {
	t.Helper()
	content, err := dynamiccertificates.NewStaticCAContent("test", authority.PEM())
	if err != nil {
		t.Fatal(err)
	}
	a.CAContentProvider = content
}

func newAuthority(t *testing.T) *certificate.Pair {
	t.Helper()
	authority, err := certificate.NewAuthority("test", time.Now())
	if err != nil {
		t.Fatal(err)
	}
	return authority
}

func issue(t *testing.T, authority *certificate.Pair, name string, at time.Time) *x509.Certificate {
	t.Helper()
	pair, err := authority.Issue(&x509.Certificate{
		Subject:     pkix.Name{CommonName: name, Organization: []string{"people"}},
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth},
	}, at)
	if err != nil {
		t.Fatal(err)
	}
	return pair.Certificate
}

// scene is what authenticates, by upstream and with answers that are remembered.
type scene struct {
	*testing.T
	users, proxies     *trusted
	names              []string
	upstream, remember *genericapiserver.AuthenticationInfo
}

func newScene(t *testing.T) (s *scene, users, proxies *certificate.Pair) {
	t.Helper()
	s = &scene{T: t, users: &trusted{}, proxies: &trusted{}, names: []string{"proxy"}}
	users, proxies = newAuthority(t), newAuthority(t)
	s.users.replace(t, users)
	s.proxies.replace(t, proxies)
	headers := &authenticatorfactory.RequestHeaderConfig{
		UsernameHeaders:     headerrequest.StaticStringSlice{"X-Remote-User"},
		UIDHeaders:          headerrequest.StaticStringSlice{"X-Remote-Uid"},
		GroupHeaders:        headerrequest.StaticStringSlice{"X-Remote-Group"},
		ExtraHeaderPrefixes: headerrequest.StaticStringSlice{"X-Remote-Extra-"},
		CAContentProvider:   s.proxies,
		AllowedClientNames:  headerrequest.StringSliceProviderFunc(func() []string { return s.names }),
	}
	upstream, _, err := authenticatorfactory.DelegatingAuthenticatorConfig{
		ClientCertificateCAContentProvider: s.users, RequestHeaderConfig: headers,
	}.New()
	if err != nil {
		t.Fatal(err)
	}
	s.upstream = &genericapiserver.AuthenticationInfo{Authenticator: upstream, RequestHeaderConfig: headers}
	s.remember = &genericapiserver.AuthenticationInfo{Authenticator: upstream, RequestHeaderConfig: headers}
	Remember(s.remember, s.users)
	return s, users, proxies
}

func newRequest(presented *x509.Certificate, user string) *http.Request {
	r := &http.Request{Header: http.Header{}}
	if presented != nil {
		r.TLS = &tls.ConnectionState{PeerCertificates: []*x509.Certificate{presented}}
	}
	if user != "" {
		r.Header.Set("X-Remote-User", user)
		r.Header.Add("X-Remote-Group", "people of "+user)
		r.Header.Set("X-Remote-Extra-From", "afar")
	}
	return r
}

// same fails unless the answer, and the error, are upstream's. It returns who it is.
func (s *scene) same(presented *x509.Certificate, user string) string {
	s.Helper()
	want, wantOK, wantErr := s.upstream.Authenticator.AuthenticateRequest(newRequest(presented, user))
	got, gotOK, gotErr := s.remember.Authenticator.AuthenticateRequest(newRequest(presented, user))
	if gotOK != wantOK || (gotErr == nil) != (wantErr == nil) || !reflect.DeepEqual(got, want) {
		s.Errorf("%+v, %t, %v, want %+v, %t, %v", got, gotOK, gotErr, want, wantOK, wantErr)
	}
	if gotErr != nil && gotErr.Error() != wantErr.Error() {
		s.Errorf("%v, want %v", gotErr, wantErr)
	}
	if got == nil {
		return ""
	}
	return got.User.GetName()
}

// TestRemember: whoever comes is answered as by upstream, at first and later.
func TestRemember(t *testing.T) {
	t.Parallel()
	s, users, proxies := newScene(t)
	now := time.Now()
	presented := map[string]*x509.Certificate{
		"nobody":           nil,
		"jane":             issue(t, users, "jane", now),
		"joe":              issue(t, users, "joe", now),
		"without a name":   issue(t, users, "", now),
		"expired":          issue(t, users, "jane", now.Add(-2*certificate.Lifetime)),
		"not yet valid":    issue(t, users, "jane", now.Add(time.Hour)),
		"a stranger":       issue(t, newAuthority(t), "jane", now),
		"the proxy":        issue(t, proxies, "proxy", now),
		"another proxy":    issue(t, proxies, "other", now),
		"the users' proxy": issue(t, users, "proxy", now),
	}
	who := map[string]string{"jane": "jane", "joe": "joe", "the users' proxy": "proxy"}
	for range 3 {
		for name, shown := range presented {
			if got := s.same(shown, ""); got != who[name] {
				t.Errorf("%s is %q", name, got)
			}
			for _, user := range []string{"ann", "bob"} {
				want := who[name]
				if name == "the proxy" {
					want = user
				}
				if got := s.same(shown, user); got != want {
					t.Errorf("%s for %s is %q", name, user, got)
				}
			}
		}
	}
}

// TestVerifiedOnce is what a connection is, however many requests it has.
func TestVerifiedOnce(t *testing.T) {
	t.Parallel()
	s, users, proxies := newScene(t)
	jane, proxy := issue(t, users, "jane", time.Now()), issue(t, proxies, "proxy", time.Now())
	ask := func() {
		for _, r := range []*http.Request{newRequest(jane, ""), newRequest(proxy, "ann")} {
			if _, ok, err := s.remember.Authenticator.AuthenticateRequest(r); !ok || err != nil {
				t.Fatal(ok, err)
			}
		}
	}
	ask()
	asked := s.users.verified.Load()
	for range 10 {
		ask()
	}
	if again := s.users.verified.Load() - asked; again > 0 {
		t.Errorf("the user's certificate was verified %d times more", again)
	}
	// It is not verified whether jane is a proxy, as she never is.
	if again := s.proxies.verified.Load(); again != 2+10 {
		t.Errorf("%d verifications, want that of the proxy and one for each request of the user", again)
	}
}

// TestForgotten is an answer when other authorities are trusted, or other names.
func TestForgotten(t *testing.T) {
	t.Parallel()
	s, users, proxies := newScene(t)
	jane, proxy := issue(t, users, "jane", time.Now()), issue(t, proxies, "proxy", time.Now())
	is := func(presented *x509.Certificate, want string) {
		t.Helper()
		if got := s.same(presented, "ann"); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	is(jane, "jane")
	is(proxy, "ann")
	s.names = []string{"another"}
	is(proxy, "")
	s.names = []string{"another", "proxy"}
	is(proxy, "ann")
	s.users.replace(t, newAuthority(t))
	s.proxies.replace(t, newAuthority(t))
	is(jane, "")
	is(proxy, "")
	s.users.replace(t, users)
	is(jane, "jane")
	jane.NotAfter = time.Now()
	is(jane, "")
}
