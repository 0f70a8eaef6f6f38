package aggregated

import (
	"errors"
	"net/http"
	"slices"
	"sync"
	"time"

	admissionregistrationv1 "k8s.io/api/admissionregistration/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apiserver/pkg/admission"
	"k8s.io/apiserver/pkg/admission/plugin/policy/mutating"
	genericapiserver "k8s.io/apiserver/pkg/server"
	"k8s.io/apiserver/pkg/server/healthz"
	"k8s.io/client-go/discovery"
	"k8s.io/klog/v2"
)

const (
	mutatingPoliciesCheck = "mutating-admission-policies"
	// upgradePollInterval is how often the cluster is asked whether it has been upgraded.
	upgradePollInterval = time.Minute
)

// mutatingPolicies switches the plugin for them off where the cluster has none: before Kubernetes
// 1.36 it would wait for ever, and refuse every write meanwhile.
type mutatingPolicies struct {
	config    *genericapiserver.RecommendedConfig
	discovery discovery.ServerResourcesInterface
	served    bool

	mu sync.Mutex
	// askedAt is when the cluster was asked last.
	askedAt time.Time
}

// newMutatingPolicies asks the cluster whether it has them.
func newMutatingPolicies(config *genericapiserver.RecommendedConfig) (*mutatingPolicies, error) {
	client, err := discovery.NewDiscoveryClientForConfig(config.ClientConfig)
	if err != nil {
		return nil, err
	}
	policies := &mutatingPolicies{config: config, discovery: client}
	return policies, policies.ask()
}

func (p *mutatingPolicies) ask() error {
	found, err := p.discovery.ServerResourcesForGroupVersion(admissionregistrationv1.SchemeGroupVersion.String())
	if err != nil {
		return err
	}
	p.askedAt = time.Now()
	p.served = slices.ContainsFunc(found.APIResources, func(resource metav1.APIResource) bool {
		return resource.Name == "mutatingadmissionpolicies"
	})
	return nil
}

// Initialize implements admission.PluginInitializer. Upstream's have initialized the plugin before.
func (p *mutatingPolicies) Initialize(plugin admission.Interface) {
	policies, ok := plugin.(*mutating.Plugin)
	if !ok || p.served {
		return
	}
	policies.SetEnabled(false)
	p.config.AddLivezChecks(healthz.NamedCheck(mutatingPoliciesCheck, p.live))
	klog.InfoS("The cluster has no MutatingAdmissionPolicies, which come with Kubernetes 1.36: there are none to apply")
}

// live fails once the cluster has them, after an upgrade: a restart applies them. Why the cluster
// can't be asked is others' to tell.
func (p *mutatingPolicies) live(*http.Request) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.served && time.Since(p.askedAt) >= upgradePollInterval {
		if err := p.ask(); err != nil {
			return nil
		}
	}
	if p.served {
		return errors.New("the cluster has MutatingAdmissionPolicies now, which this process does not apply: it has to be restarted")
	}
	return nil
}
