package standalone

import (
	"k8s.io/apimachinery/pkg/util/sets"
	"k8s.io/apiserver/pkg/admission/plugin/namespace/lifecycle"
	mutatingadmissionpolicy "k8s.io/apiserver/pkg/admission/plugin/policy/mutating"
	validatingadmissionpolicy "k8s.io/apiserver/pkg/admission/plugin/policy/validating"
	"k8s.io/apiserver/pkg/admission/plugin/resourcequota"
	mutatingwebhook "k8s.io/apiserver/pkg/admission/plugin/webhook/mutating"
	validatingwebhook "k8s.io/apiserver/pkg/admission/plugin/webhook/validating"

	kubeoptions "k8s.io/kubernetes/pkg/kubeapiserver/options"
	certapproval "k8s.io/kubernetes/plugin/pkg/admission/certificates/approval"
	"k8s.io/kubernetes/plugin/pkg/admission/certificates/ctbattest"
	certsigning "k8s.io/kubernetes/plugin/pkg/admission/certificates/signing"
	certsubjectrestriction "k8s.io/kubernetes/plugin/pkg/admission/certificates/subjectrestriction"
)

// defaultOffAdmissionPlugins are all plugins but those that have something to do for the resources
// served: the sample generic control plane's, without the two that only deal with pods.
func defaultOffAdmissionPlugins() sets.Set[string] {
	return sets.New(kubeoptions.AllOrderedPlugins...).Delete(
		lifecycle.PluginName,
		mutatingwebhook.PluginName,
		validatingwebhook.PluginName,
		mutatingadmissionpolicy.PluginName,
		validatingadmissionpolicy.PluginName,
		resourcequota.PluginName,
		certapproval.PluginName,
		certsigning.PluginName,
		ctbattest.PluginName,
		certsubjectrestriction.PluginName,
	)
}
