package aggregated

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apiserver/pkg/admission/plugin/policy/mutating"
	genericapiserver "k8s.io/apiserver/pkg/server"
	"k8s.io/client-go/rest"
)

// TestUpgradeOfTheClusterEndsTheProcess is about a cluster that gets MutatingAdmissionPolicies
// while the server runs. charts/test has a real one that has none.
func TestUpgradeOfTheClusterEndsTheProcess(t *testing.T) {
	var upgraded, away atomic.Bool
	cluster := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if away.Load() {
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		list := metav1.APIResourceList{APIResources: []metav1.APIResource{{Name: "validatingadmissionpolicies"}}}
		if upgraded.Load() {
			list.APIResources = append(list.APIResources, metav1.APIResource{Name: "mutatingadmissionpolicies"})
		}
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(list)
	}))
	t.Cleanup(cluster.Close)
	config := &genericapiserver.RecommendedConfig{}
	config.ClientConfig = &rest.Config{Host: cluster.URL}
	policies, err := newMutatingPolicies(config)
	if err != nil {
		t.Fatal(err)
	}
	plugin, err := mutating.NewPlugin(nil)
	if err != nil {
		t.Fatal(err)
	}
	policies.Initialize(plugin)
	if len(config.LivezChecks) != 1 {
		t.Fatalf("%d checks", len(config.LivezChecks))
	}
	live := func() error { return config.LivezChecks[0].Check(nil) }

	upgraded.Store(true)
	if err := live(); err != nil {
		t.Errorf("the cluster is asked too often: %v", err)
	}
	policies.askedAt = time.Now().Add(-upgradePollInterval)
	away.Store(true)
	if err := live(); err != nil {
		t.Errorf("without an answer: %v", err)
	}
	away.Store(false)
	if err := live(); err == nil || !strings.Contains(err.Error(), "it has to be restarted") {
		t.Errorf("after the upgrade: %v", err)
	}

	// A server that starts then has nothing to look for.
	config.LivezChecks = nil
	if policies, err = newMutatingPolicies(config); err != nil {
		t.Fatal(err)
	}
	if policies.Initialize(plugin); len(config.LivezChecks) != 0 {
		t.Error("there is a check")
	}
}
