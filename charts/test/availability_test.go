package chart_test

import (
	"testing"

	appsv1 "k8s.io/api/apps/v1"
	autoscalingv2 "k8s.io/api/autoscaling/v2"
	networkingv1 "k8s.io/api/networking/v1"
	policyv1 "k8s.io/api/policy/v1"
)

func TestNumberOfReplicasIsTheAutoscalers(t *testing.T) {
	t.Parallel()
	all := render(t, postgresql, `autoscaling: {enabled: true, minReplicas: 3, maxReplicas: 9}`)
	if replicas := one[*appsv1.Deployment](t, all, fullname).Spec.Replicas; replicas != nil {
		t.Errorf("an upgrade would set %d replicas", *replicas)
	}
	scaler := one[*autoscalingv2.HorizontalPodAutoscaler](t, all, fullname)
	if *scaler.Spec.MinReplicas != 3 || scaler.Spec.MaxReplicas != 9 || *scaler.Spec.Metrics[0].Resource.Target.AverageUtilization != 80 {
		t.Errorf("%+v", scaler.Spec)
	}
	// CPU in percent is that of the request.
	if requests := container(t, all).Resources.Requests; requests.Cpu().IsZero() {
		t.Error("the servers request no CPU")
	}
}

func TestDisruptionIsLimitedWhereThereAreSeveralReplicas(t *testing.T) {
	t.Parallel()
	one[*policyv1.PodDisruptionBudget](t, render(t, postgresql), fullname)
	budget := one[*policyv1.PodDisruptionBudget](t, render(t, postgresql, `podDisruptionBudget: {minAvailable: 50%, unhealthyPodEvictionPolicy: IfHealthyBudget}`), fullname)
	if budget.Spec.MinAvailable.StrVal != "50%" || budget.Spec.MaxUnavailable != nil || *budget.Spec.UnhealthyPodEvictionPolicy != policyv1.IfHealthyBudget {
		t.Errorf("%+v", budget.Spec)
	}
	for _, values := range []string{`podDisruptionBudget: {enabled: false}`, `ark: {apiserver: {replicas: 1}}`} {
		if _, there := render(t, postgresql, values).named()["PodDisruptionBudget/"+fullname]; there {
			t.Errorf("there is a PodDisruptionBudget with %s", values)
		}
	}
}

func TestNetworkPolicy(t *testing.T) {
	t.Parallel()
	if _, there := render(t, postgresql).named()["NetworkPolicy/"+fullname]; there {
		t.Error("there is one that nobody wants")
	}
	policy := one[*networkingv1.NetworkPolicy](t, render(t, postgresql, `networkPolicy: {enabled: true}`), fullname).Spec
	if len(policy.PolicyTypes) != 1 || len(policy.Ingress) != 1 || policy.Ingress[0].Ports[0].Port.StrVal != "https" || policy.Ingress[0].From != nil {
		t.Errorf("%+v", policy)
	}
	policy = one[*networkingv1.NetworkPolicy](t, render(t, postgresql, `
ark: {storage: {postgresql: {port: 5433}}}
networkPolicy: {enabled: true, ingress: {from: [{podSelector: {}}]}, egress: {enabled: true, extra: [{ports: [{port: 9443}]}]}}
`), fullname).Spec
	var ports []int
	for _, rule := range policy.Egress {
		for _, port := range rule.Ports {
			ports = append(ports, port.Port.IntValue())
		}
	}
	if len(policy.PolicyTypes) != 2 || len(policy.Ingress[0].From) != 1 || len(ports) != 6 || ports[4] != 5433 || ports[5] != 9443 {
		t.Errorf("%+v", policy)
	}
}
