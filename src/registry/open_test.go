package registry

import (
	"testing"

	genericapirequest "k8s.io/apiserver/pkg/endpoints/request"

	"ark.ai/apiserver/src/apis/ark/v1alpha1"
)

// Kinds whose types are not settled keep what they do not know, and check what they know.
func TestOpenKinds(t *testing.T) {
	for _, tt := range []struct {
		kind, body   string
		spec, status []string
	}{
		{kind: "Workspace"},
		{kind: "Workspace", body: "spec: {unknown: {b: 1}, environment: {image: i, more: 1}}\nstatus: {phase: Ready, unknown: 1}"},
		{kind: "Workspace", body: "spec: {persistent: maybe}\nstatus: {phase: Bored}", spec: []string{"TypeInvalid spec.persistent"}, status: []string{"NotSupported status.phase"}},
		{kind: "ToolApprovalRequest", spec: []string{"Required spec.toolCalls"}},
		{kind: "ToolApprovalRequest", body: "spec: {toolCalls: [], onTimeout: shrug}", spec: []string{"Invalid spec.toolCalls", "NotSupported spec.onTimeout"}},
		{kind: "ToolApprovalRequest", body: "spec: {toolCalls: [{name: t}]}\nstatus: {phase: expired, observedGeneration: 2}"},
		{kind: "ToolInteraction", body: "spec: {type: null}\nstatus: {phase: null}"},
		{kind: "ToolInteraction", body: "spec: {type: guess}\nstatus: {phase: approved}", spec: []string{"NotSupported spec.type"}, status: []string{"NotSupported status.phase"}},
		{kind: "ExecutionProfile", body: "spec: {sdkConfig: {anything: [1]}}\nstatus: {anything: 1}"},
		{kind: "ExecutionProfile", body: "spec: text", spec: []string{"Invalid spec"}},
	} {
		s := testStrategy(t, tt.kind)
		obj := decode(t, s.Scheme, manifestOf(s.versions[0], tt.kind, "it", tt.body))
		written := obj.DeepCopyObject()
		s.PrepareForCreate(t.Context(), obj)
		expect(t, s.Validate(t.Context(), obj), tt.spec...)
		status := statusStrategy{s}
		status.PrepareForUpdate(t.Context(), written, obj)
		expect(t, status.ValidateUpdate(t.Context(), written, obj), tt.status...)
	}
}

// Integers that the schema describes are plain, in whatever form they were written. All else is
// kept.
func TestIntegersOfOpenKinds(t *testing.T) {
	s := testStrategy(t, "ToolApprovalRequest")
	old := decode(t, s.Scheme, manifestOf(s.versions[0], "ToolApprovalRequest", "it", "spec: {toolCalls: [1]}"))
	obj := old.DeepCopyObject().(*v1alpha1.ToolApprovalRequest)
	obj.Status = &v1alpha1.ToolApprovalRequestStatus{}
	obj.Status.Raw = `{"observedGeneration":3.0,"decision":{"observedGeneration":3.0},"unknown":1e2}`
	status := statusStrategy{s}
	status.PrepareForUpdate(t.Context(), obj, old)
	expect(t, status.ValidateUpdate(t.Context(), obj, old))
	if got, want := obj.Status.Raw, `{"observedGeneration":3,"decision":{"observedGeneration":3.0},"unknown":1e2}`; got != want {
		t.Errorf("the status is %s, want %s", got, want)
	}
}

// A patch leaves what it does not mention as it was written, in the status too.
func TestPatchesKeepOpenKinds(t *testing.T) {
	const text = `{"z":1.50,"a":12345678901234567890}`
	s := testStrategy(t, "Workspace")
	ctx := genericapirequest.WithRequestInfo(t.Context(), &genericapirequest.RequestInfo{Verb: "patch"})
	old := &v1alpha1.Workspace{Spec: &v1alpha1.WorkspaceSpec{}, Status: &v1alpha1.WorkspaceStatus{}}
	old.Spec.Raw, old.Status.Raw = text, text
	patched := func() *v1alpha1.Workspace {
		const passed = `{"a":12345678901234567000,"z":1.5}`
		patched := old.DeepCopy()
		patched.Spec.Raw, patched.Status.Raw = passed, passed
		return patched
	}
	obj := patched()
	s.PrepareForUpdate(ctx, obj, old)
	if got := obj.Spec.Raw; got != text {
		t.Errorf("the spec became %s", got)
	}
	obj = patched()
	statusStrategy{s}.PrepareForUpdate(ctx, obj, old)
	if got := obj.Status.Raw; got != text {
		t.Errorf("the status became %s", got)
	}
}
