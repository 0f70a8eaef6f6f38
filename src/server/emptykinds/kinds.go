package emptykinds

import (
	appsv1 "k8s.io/api/apps/v1"
	autoscalingv2 "k8s.io/api/autoscaling/v2"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	policyv1 "k8s.io/api/policy/v1"
	storagev1 "k8s.io/api/storage/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"k8s.io/kubernetes/pkg/apis/apps"
	"k8s.io/kubernetes/pkg/apis/autoscaling"
	"k8s.io/kubernetes/pkg/apis/batch"
	"k8s.io/kubernetes/pkg/apis/core"
	"k8s.io/kubernetes/pkg/apis/networking"
	"k8s.io/kubernetes/pkg/apis/policy"
	"k8s.io/kubernetes/pkg/apis/storage"
)

// kind is one of which there are no objects. Names are those of kube-apiserver.
type kind struct {
	version            schema.GroupVersion
	resource, singular string
	shortNames         []string
	clusterWide        bool
	// inAll says that "kubectl get all" asks for it.
	inAll bool
	// object and list are empty ones, of the internal version.
	object, list runtime.Object
}

var kinds = []kind{
	{corev1.SchemeGroupVersion, "pods", "pod", []string{"po"}, false, true, &core.Pod{}, &core.PodList{}},
	{corev1.SchemeGroupVersion, "nodes", "node", []string{"no"}, true, false, &core.Node{}, &core.NodeList{}},
	{corev1.SchemeGroupVersion, "replicationcontrollers", "replicationcontroller", []string{"rc"}, false, true,
		&core.ReplicationController{}, &core.ReplicationControllerList{}},
	{corev1.SchemeGroupVersion, "persistentvolumes", "persistentvolume", []string{"pv"}, true, false,
		&core.PersistentVolume{}, &core.PersistentVolumeList{}},
	{corev1.SchemeGroupVersion, "persistentvolumeclaims", "persistentvolumeclaim", []string{"pvc"}, false, false,
		&core.PersistentVolumeClaim{}, &core.PersistentVolumeClaimList{}},
	{appsv1.SchemeGroupVersion, "deployments", "deployment", []string{"deploy"}, false, true, &apps.Deployment{}, &apps.DeploymentList{}},
	{appsv1.SchemeGroupVersion, "replicasets", "replicaset", []string{"rs"}, false, true, &apps.ReplicaSet{}, &apps.ReplicaSetList{}},
	{appsv1.SchemeGroupVersion, "statefulsets", "statefulset", []string{"sts"}, false, true, &apps.StatefulSet{}, &apps.StatefulSetList{}},
	{appsv1.SchemeGroupVersion, "daemonsets", "daemonset", []string{"ds"}, false, true, &apps.DaemonSet{}, &apps.DaemonSetList{}},
	{batchv1.SchemeGroupVersion, "jobs", "job", nil, false, true, &batch.Job{}, &batch.JobList{}},
	{batchv1.SchemeGroupVersion, "cronjobs", "cronjob", []string{"cj"}, false, true, &batch.CronJob{}, &batch.CronJobList{}},
	{autoscalingv2.SchemeGroupVersion, "horizontalpodautoscalers", "horizontalpodautoscaler", []string{"hpa"}, false, true,
		&autoscaling.HorizontalPodAutoscaler{}, &autoscaling.HorizontalPodAutoscalerList{}},
	{networkingv1.SchemeGroupVersion, "ingresses", "ingress", []string{"ing"}, false, false, &networking.Ingress{}, &networking.IngressList{}},
	{networkingv1.SchemeGroupVersion, "ingressclasses", "ingressclass", nil, true, false, &networking.IngressClass{}, &networking.IngressClassList{}},
	{networkingv1.SchemeGroupVersion, "networkpolicies", "networkpolicy", []string{"netpol"}, false, false,
		&networking.NetworkPolicy{}, &networking.NetworkPolicyList{}},
	{policyv1.SchemeGroupVersion, "poddisruptionbudgets", "poddisruptionbudget", []string{"pdb"}, false, false,
		&policy.PodDisruptionBudget{}, &policy.PodDisruptionBudgetList{}},
	{storagev1.SchemeGroupVersion, "storageclasses", "storageclass", []string{"sc"}, true, false, &storage.StorageClass{}, &storage.StorageClassList{}},
}

// Resources are those that there are no objects of.
func Resources() []schema.GroupVersionResource {
	var resources []schema.GroupVersionResource
	for _, k := range kinds {
		resources = append(resources, k.version.WithResource(k.resource))
	}
	return resources
}
