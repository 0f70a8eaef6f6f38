package chart_test

import (
	"testing"

	"k8s.io/client-go/discovery"
)

// TestInstallOnEarlierKubernetes installs the chart where the APIs are those of the earliest
// version that the chart takes.
func TestInstallOnEarlierKubernetes(t *testing.T) {
	c := newClusterLike(t, "1.34")
	served, err := discovery.NewDiscoveryClientForConfigOrDie(c.admin).ServerResourcesForGroupVersion("admissionregistration.k8s.io/v1")
	if err != nil {
		t.Fatal(err)
	}
	for _, resource := range served.APIResources {
		if resource.Name == "mutatingadmissionpolicies" {
			t.Fatal("the cluster has what came with Kubernetes 1.36")
		}
	}
	c.helm(t, install, c.values(t))
	pod := c.run(t)
	c.awaitAvailable(t)
	c.passHelmTest(t)
	c.uninstall(t)
	pod.stop(t)
}
