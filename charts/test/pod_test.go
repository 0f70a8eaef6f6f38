package chart_test

import (
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/pod-security-admission/api"
	"k8s.io/pod-security-admission/policy"
)

// The namespace may enforce Kubernetes' strictest standard.
func TestPodsAreRestricted(t *testing.T) {
	t.Parallel()
	evaluator, err := policy.NewEvaluator(policy.DefaultChecks(), nil)
	if err != nil {
		t.Fatal(err)
	}
	restricted := api.LevelVersion{Level: api.LevelRestricted, Version: api.LatestVersion()}
	for name, values := range map[string][]string{"PostgreSQL": {postgresql, migrated}, "MySQL": {mysql, mysqlMigrated}, "SQLite": {sqlite}} {
		all := render(t, append(values, backedUp)...)
		specs := map[string]corev1.PodSpec{
			"server": pod(t, all).Spec,
			"backup": backup(t, all).Spec.JobTemplate.Spec.Template.Spec,
			"check":  one[*corev1.Pod](t, all, fullname+"-check").Spec,
		}
		if name != "SQLite" {
			specs["migration"] = migration(t, all).Spec.Template.Spec
		}
		moving := render(t, append(values, movesIn)...)
		specs["mover"] = moverJob(t, moving).Spec.Template.Spec
		specs["server that moves in"] = pod(t, moving).Spec
		for of, spec := range specs {
			if result := policy.AggregateCheckResults(evaluator.EvaluatePod(restricted, &metav1.ObjectMeta{}, &spec)); !result.Allowed {
				t.Errorf("%s on %s: %s", of, name, result.ForbiddenDetail())
			}
			if !*spec.Containers[0].SecurityContext.ReadOnlyRootFilesystem {
				t.Errorf("%s on %s: the root file system can be written to", of, name)
			}
			if *spec.SecurityContext.RunAsUser != 65532 {
				t.Errorf("%s on %s: user %d", of, name, *spec.SecurityContext.RunAsUser)
			}
		}
	}
}

// Kubernetes' own way gives a pod a token that is valid for a year.
func TestTokenIsValidForAnHour(t *testing.T) {
	t.Parallel()
	spec := pod(t, render(t, postgresql)).Spec
	i := slices.IndexFunc(spec.Containers[0].VolumeMounts, func(mount corev1.VolumeMount) bool {
		return mount.MountPath == "/var/run/secrets/kubernetes.io/serviceaccount"
	})
	if i < 0 || *spec.AutomountServiceAccountToken {
		t.Fatalf("%+v", spec)
	}
	files := map[string]bool{}
	for _, volume := range spec.Volumes {
		if volume.Name != spec.Containers[0].VolumeMounts[i].Name {
			continue
		}
		for _, source := range volume.Projected.Sources {
			switch {
			case source.ServiceAccountToken != nil:
				files[source.ServiceAccountToken.Path] = *source.ServiceAccountToken.ExpirationSeconds == 3600
			case source.ConfigMap != nil:
				files[source.ConfigMap.Items[0].Path] = source.ConfigMap.Name == "kube-root-ca.crt"
			case source.DownwardAPI != nil:
				files[source.DownwardAPI.Items[0].Path] = true
			}
		}
	}
	// As client-go reads them.
	if want := map[string]bool{"token": true, "ca.crt": true, "namespace": true}; !maps.Equal(files, want) {
		t.Errorf("the pod has %v", files)
	}
}

func TestProbesAskTheServer(t *testing.T) {
	t.Parallel()
	server := container(t, render(t, postgresql))
	for path, probe := range map[string]*corev1.Probe{
		"/livez":   server.LivenessProbe,
		"/readyz":  server.ReadinessProbe,
		"/readyz/": server.StartupProbe,
	} {
		if probe == nil || probe.HTTPGet.Path != strings.TrimSuffix(path, "/") || probe.HTTPGet.Scheme != corev1.URISchemeHTTPS || probe.HTTPGet.Port.StrVal != "https" {
			t.Errorf("%+v", probe)
		}
	}
}

// A pod has to have the time that the server takes to stop, and 20 s more for what it has to
// finish.
func TestPodOutlivesItsServer(t *testing.T) {
	t.Parallel()
	all := render(t, postgresql)
	told, grace := options(t, all), *pod(t, all).Spec.TerminationGracePeriodSeconds
	if stop := told.Run.ShutdownDelayDuration + told.Run.ShutdownWatchTerminationGracePeriod; float64(grace) < stop.Seconds()+20 {
		t.Errorf("the server takes %s to stop, the pod has %d s", stop, grace)
	}
}

func TestServiceFindsTheServersOnly(t *testing.T) {
	t.Parallel()
	for name, values := range map[string]string{"PostgreSQL": postgresql, "SQLite": sqlite} {
		all := render(t, values, `podLabels: {team: a}`)
		service := one[*corev1.Service](t, all, fullname)
		selector := labels.SelectorFromSet(service.Spec.Selector)
		if !selector.Matches(labels.Set(pod(t, all).Labels)) {
			t.Errorf("%s: the Service does not find the servers", name)
		}
		if selector.Matches(labels.Set(one[*corev1.Pod](t, all, fullname+"-check").Labels)) {
			t.Errorf("%s: the Service finds the check", name)
		}
		if port := service.Spec.Ports[0]; port.Port != 443 || port.TargetPort.StrVal != "https" {
			t.Errorf("%+v", port)
		}
	}
}

func TestImage(t *testing.T) {
	t.Parallel()
	const digest = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
	for values, want := range map[string]string{
		`{}`:               "ark-apiserver:v0.0.0-dev",
		`image: {tag: v1}`: "ark-apiserver:v1",
		`image: {registry: registry.example, tag: v1}`:                                                   "registry.example/ark-apiserver:v1",
		`{image: {registry: registry.example, tag: v1}, global: {imageRegistry: "mirror.example:5000"}}`: "mirror.example:5000/ark-apiserver:v1",
		`image: {repository: registry.example:5000/ark/apiserver, tag: v1, digest: "` + digest + `"}`:    "registry.example:5000/ark/apiserver:v1@" + digest,
	} {
		all := render(t, postgresql, migrated, values, `imagePullSecrets: [{name: mine}]`)
		for of, spec := range map[string]corev1.PodSpec{
			"server":    pod(t, all).Spec,
			"check":     one[*corev1.Pod](t, all, fullname+"-check").Spec,
			"migration": migration(t, all).Spec.Template.Spec,
		} {
			if got := spec.Containers[0].Image; got != want {
				t.Errorf("%s with %s: %s, not %s", of, values, got, want)
			}
			if secrets := spec.ImagePullSecrets; len(secrets) != 1 || secrets[0].Name != "mine" {
				t.Errorf("%s: %+v", of, secrets)
			}
		}
	}
}

func TestReplicasSpread(t *testing.T) {
	t.Parallel()
	all := render(t, postgresql)
	template := pod(t, all)
	for _, constraint := range template.Spec.TopologySpreadConstraints {
		selector, err := metav1.LabelSelectorAsSelector(constraint.LabelSelector)
		if err != nil || selector.Empty() || !selector.Matches(labels.Set(template.Labels)) {
			t.Errorf("%+v is not about the pods: %v", constraint, err)
		}
	}
	if len(template.Spec.TopologySpreadConstraints) != 2 {
		t.Errorf("%d constraints, not one for nodes and one for zones", len(template.Spec.TopologySpreadConstraints))
	}
	selector := one[*appsv1.Deployment](t, all, fullname).Spec.Selector
	if !reflect.DeepEqual(selector.MatchLabels, one[*corev1.Service](t, all, fullname).Spec.Selector) {
		t.Errorf("%v", selector)
	}
}

func TestPodsAreWhereAndHowTheOperatorWants(t *testing.T) {
	t.Parallel()
	all := render(t, postgresql, migrated, `
priorityClassName: system-cluster-critical
runtimeClassName: gvisor
schedulerName: packer
hostAliases: [{ip: 10.20.0.5, hostnames: [db.example.com]}]
hostUsers: false
automountServiceAccountToken: true
hostNetwork: true
nodeSelector: {pool: control}
tolerations: [{key: control, operator: Exists}]
affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: []}}, podAntiAffinity: {}}
topologySpreadConstraints: [{maxSkew: 2, topologyKey: rack, whenUnsatisfiable: DoNotSchedule, labelSelector: {matchLabels: {a: b}}}]
serviceAccount: {name: arker}
resources: {limits: {memory: 1Gi}}
extraEnv: [{name: GOMEMLIMIT, value: 900MiB}]
extraEnvFrom: [{configMapRef: {name: more}}]
extraVolumes: [{name: audit-log, emptyDir: {}}]
extraVolumeMounts: [{name: audit-log, mountPath: /var/log/ark}]
extraContainers: [{name: proxy, image: proxy}]
initContainers: [{name: wait, image: wait}]
dnsConfig: {options: [{name: ndots, value: "1"}]}
podAnnotations: {a: b}
podLabels: {c: d}
`)
	spec := pod(t, all).Spec
	server := spec.Containers[0]
	for what, holds := range map[string]bool{
		"priority class":  spec.PriorityClassName == "system-cluster-critical",
		"runtime class":   *spec.RuntimeClassName == "gvisor",
		"scheduler":       spec.SchedulerName == "packer",
		"host aliases":    len(spec.HostAliases) == 1 && spec.HostAliases[0].Hostnames[0] == "db.example.com",
		"host users":      spec.HostUsers != nil && !*spec.HostUsers,
		"token":           *spec.AutomountServiceAccountToken,
		"host network":    spec.HostNetwork && spec.DNSPolicy == corev1.DNSClusterFirstWithHostNet,
		"node selector":   spec.NodeSelector["pool"] == "control" && spec.NodeSelector["kubernetes.io/os"] == "linux",
		"tolerations":     spec.Tolerations[0].Key == "control",
		"affinity":        spec.Affinity.NodeAffinity != nil && spec.Affinity.PodAntiAffinity != nil,
		"spread":          len(spec.TopologySpreadConstraints) == 1 && spec.TopologySpreadConstraints[0].LabelSelector.MatchLabels["a"] == "b",
		"service account": spec.ServiceAccountName == "arker",
		"resources":       server.Resources.Limits.Memory().String() == "1Gi" && server.Resources.Requests.Cpu().String() == "100m",
		"env":             server.Env[0].Name == "GOMEMLIMIT" && server.EnvFrom[0].ConfigMapRef.Name == "more",
		"volumes":         spec.Volumes[len(spec.Volumes)-1].Name == "audit-log" && server.VolumeMounts[len(server.VolumeMounts)-1].MountPath == "/var/log/ark",
		"containers":      spec.Containers[1].Name == "proxy" && spec.InitContainers[0].Name == "wait",
		"DNS":             spec.DNSConfig.Options[0].Name == "ndots",
	} {
		if !holds {
			t.Errorf("%s: %+v", what, spec)
		}
	}

	template := migration(t, all).Spec.Template
	job := template.Spec
	for what, same := range map[string][2]any{
		"priority class": {job.PriorityClassName, spec.PriorityClassName},
		"runtime class":  {job.RuntimeClassName, spec.RuntimeClassName},
		"scheduler":      {job.SchedulerName, spec.SchedulerName},
		"host aliases":   {job.HostAliases, spec.HostAliases},
		"host users":     {job.HostUsers, spec.HostUsers},
		"token":          {job.AutomountServiceAccountToken, spec.AutomountServiceAccountToken},
		"node selector":  {job.NodeSelector, spec.NodeSelector},
		"tolerations":    {job.Tolerations, spec.Tolerations},
		"nodes":          {job.Affinity, &corev1.Affinity{NodeAffinity: spec.Affinity.NodeAffinity}},
		"resources":      {job.Containers[0].Resources, server.Resources},
		"env":            {job.Containers[0].Env, server.Env},
		"env of objects": {job.Containers[0].EnvFrom, server.EnvFrom},
		"volumes":        {job.Volumes[len(job.Volumes)-1], spec.Volumes[len(spec.Volumes)-1]},
		"mounts":         {job.Containers[0].VolumeMounts[len(job.Containers[0].VolumeMounts)-1], server.VolumeMounts[len(server.VolumeMounts)-1]},
		"init":           {job.InitContainers, spec.InitContainers},
		"DNS":            {job.DNSConfig, spec.DNSConfig},
		"annotation":     {template.Annotations["a"], "b"},
		"label":          {template.Labels["c"], "d"},
	} {
		if !reflect.DeepEqual(same[0], same[1]) {
			t.Errorf("%s of the migration: %+v, not %+v", what, same[0], same[1])
		}
	}
	check := one[*corev1.Pod](t, all, fullname+"-check").Spec
	for what, same := range map[string][2]any{
		"scheduler":    {check.SchedulerName, spec.SchedulerName},
		"host aliases": {check.HostAliases, spec.HostAliases},
		"host users":   {check.HostUsers, spec.HostUsers},
		"tolerations":  {check.Tolerations, spec.Tolerations},
	} {
		if !reflect.DeepEqual(same[0], same[1]) {
			t.Errorf("%s of the check: %+v, not %+v", what, same[0], same[1])
		}
	}
	// With a container that never ends, the Job would not end.
	if len(job.Containers) != 1 {
		t.Errorf("the migration has %d containers", len(job.Containers))
	}
}
