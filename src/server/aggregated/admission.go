package aggregated

import (
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apiserver/pkg/admission"
	"k8s.io/apiserver/pkg/admission/initializer"
	"k8s.io/apiserver/pkg/admission/plugin/resourcequota"
	quota "k8s.io/apiserver/pkg/quota/v1"
	"k8s.io/apiserver/pkg/quota/v1/generic"
	genericapiserver "k8s.io/apiserver/pkg/server"
	genericoptions "k8s.io/apiserver/pkg/server/options"

	"k8s.io/kubernetes/plugin/pkg/admission/gc"
)

// newAdmissionOptions has upstream's plugins for any API server, and two that kube-apiserver has
// for custom resources: who may claim owners, off unless it is asked for as there, and resource
// quotas, which come last: they count what nothing else has refused.
func newAdmissionOptions() *genericoptions.AdmissionOptions {
	options := genericoptions.NewAdmissionOptions()
	gc.Register(options.Plugins)
	options.DefaultOffPlugins.Insert(gc.PluginName)
	resourcequota.Register(options.Plugins)
	options.RecommendedPluginOrder = append(options.RecommendedPluginOrder, gc.PluginName, resourcequota.PluginName)
	return options
}

// admissionInitializers are for what upstream's plugins have to be told besides. Quotas count
// objects of any resource: count/queries.ark.ai.
func admissionInitializers(config *genericapiserver.RecommendedConfig) ([]admission.PluginInitializer, error) {
	policies, err := newMutatingPolicies(config)
	if err != nil {
		return nil, err
	}
	return []admission.PluginInitializer{
		quotaInitializer{generic.NewConfiguration(nil, map[schema.GroupResource]struct{}{})},
		policies,
	}, nil
}

type quotaInitializer struct {
	configuration quota.Configuration
}

func (i quotaInitializer) Initialize(plugin admission.Interface) {
	if wants, ok := plugin.(initializer.WantsQuotaConfiguration); ok {
		wants.SetQuotaConfiguration(i.configuration)
	}
}
