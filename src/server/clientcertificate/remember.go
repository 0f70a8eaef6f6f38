package clientcertificate

import (
	"net/http"

	"k8s.io/apiserver/pkg/authentication/authenticator"
	"k8s.io/apiserver/pkg/authentication/authenticatorfactory"
	"k8s.io/apiserver/pkg/authentication/group"
	"k8s.io/apiserver/pkg/authentication/request/headerrequest"
	"k8s.io/apiserver/pkg/authentication/request/union"
	"k8s.io/apiserver/pkg/authentication/request/x509"
	genericapiserver "k8s.io/apiserver/pkg/server"
	"k8s.io/apiserver/pkg/server/dynamiccertificates"
)

// Remember has those certificates authenticate that are known to, and leaves everything else to
// upstream's authenticator: those of a front proxy, such as kube-apiserver, for the user that it
// names, and those of users that authorities have issued, which may be nil.
func Remember(info *genericapiserver.AuthenticationInfo, authorities dynamiccertificates.CAContentProvider) {
	var known []authenticator.Request
	if info.RequestHeaderConfig != nil {
		known = append(known, newProxies(info.RequestHeaderConfig))
	}
	if authorities != nil {
		known = append(known, newAnswers(authorities, nil, x509.NewDynamic(authorities.VerifyOptions, x509.CommonNameUserConversion)))
	}
	info.Authenticator = union.New(group.NewAuthenticatedGroupAdder(union.New(known...)), info.Authenticator)
}

// newProxies authenticates the user that a proxy names.
func newProxies(config *authenticatorfactory.RequestHeaderConfig) authenticator.Request {
	authorities := config.CAContentProvider
	yes := authenticator.RequestFunc(func(*http.Request) (*authenticator.Response, bool, error) {
		return &authenticator.Response{}, true, nil
	})
	proxies := newAnswers(authorities, config.AllowedClientNames,
		x509.NewDynamicCAVerifier(authorities.VerifyOptions, yes, config.AllowedClientNames))
	users := headerrequest.NewDynamic(config.UsernameHeaders, config.UIDHeaders, config.GroupHeaders, config.ExtraHeaderPrefixes)
	return authenticator.RequestFunc(func(request *http.Request) (*authenticator.Response, bool, error) {
		if _, ok, _ := proxies.AuthenticateRequest(request); !ok {
			return nil, false, nil
		}
		return users.AuthenticateRequest(request)
	})
}
