// What a user interface written in JavaScript asks for when it opens a cluster, and then does with Ark's kinds.
import assert from "node:assert/strict";
import * as k8s from "@kubernetes/client-node";

const config = new k8s.KubeConfig();
config.loadFromDefault();
const core = config.makeApiClient(k8s.CoreV1Api);
const apps = config.makeApiClient(k8s.AppsV1Api);
const batch = config.makeApiClient(k8s.BatchV1Api);
const custom = config.makeApiClient(k8s.CustomObjectsApi);
const objects = k8s.KubernetesObjectApi.makeApiClient(config);

// The first screen: which cluster, what may I, and an overview of workloads.
assert.match((await config.makeApiClient(k8s.VersionApi).getCode()).gitVersion, /^v1\./);
const groups = (await config.makeApiClient(k8s.ApisApi).getAPIVersions()).groups.map((group) => group.name);
assert(groups.includes("ark.ai") && groups.includes("apps"), `groups are ${groups}`);
const may = await config.makeApiClient(k8s.AuthorizationV1Api).createSelfSubjectRulesReview({ body: { spec: { namespace: "default" } } });
assert(may.status.resourceRules.some((rule) => rule.verbs.includes("*")), "the administrator may do everything");
const overview = {
	namespaces: core.listNamespace(),
	events: core.listEventForAllNamespaces(),
	nodes: core.listNode(),
	pods: core.listPodForAllNamespaces(),
	services: core.listServiceForAllNamespaces(),
	deployments: apps.listDeploymentForAllNamespaces(),
	statefulSets: apps.listStatefulSetForAllNamespaces(),
	daemonSets: apps.listDaemonSetForAllNamespaces(),
	replicaSets: apps.listReplicaSetForAllNamespaces(),
	jobs: batch.listJobForAllNamespaces(),
	cronJobs: batch.listCronJobForAllNamespaces(),
	ingresses: config.makeApiClient(k8s.NetworkingV1Api).listIngressForAllNamespaces(),
	volumes: core.listPersistentVolume(),
	claims: core.listPersistentVolumeClaimForAllNamespaces(),
	definitions: config.makeApiClient(k8s.ApiextensionsV1Api).listCustomResourceDefinition(),
};
for (const [what, list] of Object.entries(overview)) {
	assert(Array.isArray((await list).items), what);
}
assert((await overview.namespaces).items.some((namespace) => namespace.metadata.name === "default"));

// A screen of a kind, which is kept up to date.
const kind = { group: "ark.ai", version: "v1alpha1", namespace: "default", plural: "queries" };
const informer = k8s.makeInformer(config, "/apis/ark.ai/v1alpha1/namespaces/default/queries", () => custom.listNamespacedCustomObject(kind));
const phases = [];
const done = new Promise((resolve, reject) => {
	setTimeout(() => reject(new Error(`events were ${phases}`)), 60_000).unref();
	informer.on("error", reject);
	informer.on("add", (query) => phases.push(`add ${query.spec.input}`));
	informer.on("update", (query) => phases.push(`update ${query.spec.input} ${query.status?.phase ?? ""}`));
	informer.on("delete", resolve);
});
await informer.start();

const name = "from-javascript";
const manifest = { apiVersion: "ark.ai/v1alpha1", kind: "Query", metadata: { name, namespace: "default" }, spec: { input: "first", target: { type: "agent", name: "none" } } };
const created = await objects.create(manifest);
assert.equal(created.spec.input, "first");
await objects.patch({ ...manifest, spec: { ...manifest.spec, input: "second" } }, undefined, undefined, "javascript", true, k8s.PatchStrategy.ServerSideApply);
await custom.patchNamespacedCustomObjectStatus({ ...kind, name, body: { status: { phase: "done" } } }, k8s.setHeaderOptions("Content-Type", k8s.PatchStrategy.MergePatch));
const read = await objects.read(manifest);
assert.equal(read.spec.input, "second");
assert.equal(read.status.phase, "done");
const chosen = await custom.listNamespacedCustomObject({ ...kind, fieldSelector: "status.phase=done,text~=second" });
assert.deepEqual(chosen.items.map((query) => query.metadata.name), [name]);
await assert.rejects(objects.create({ ...manifest, spec: { input: 5 } }), (error) => error.code === 400 || error.code === 422);
await objects.delete(manifest);
await done;
await informer.stop();
assert.deepEqual(phases, ["add first", "update second ", "update second done"]);
console.log(`A client in JavaScript sees ${Object.keys(overview).length} kinds of an overview, and follows a query.`);
