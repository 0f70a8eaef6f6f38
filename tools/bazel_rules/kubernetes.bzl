"""Kubernetes' own programs, for the suites against running servers."""

_PROGRAMS = ["kube-apiserver", "kube-controller-manager", "kubectl"]

def _kubernetes_impl(ctx):
    root = ctx.workspace_root
    script = root.get_child("tools", "kubernetes-binaries")

    # The version is that of go.mod. What is in bin already is not built again.
    ctx.watch(script)
    ctx.watch(root.get_child("go.mod"))
    built = ctx.execute([script] + _PROGRAMS, timeout = 7200)
    if built.return_code:
        fail("tools/kubernetes-binaries {}: {}{}".format(" ".join(_PROGRAMS), built.stdout, built.stderr))
    for program in _PROGRAMS:
        copied = ctx.execute(["cp", root.get_child("bin", program), program])
        if copied.return_code:
            fail("copy {}: {}".format(program, copied.stderr))
    ctx.file("BUILD.bazel", "exports_files({})\n".format(_PROGRAMS))

kubernetes = repository_rule(
    implementation = _kubernetes_impl,
    doc = "Programs of Kubernetes, built from its Go modules in the version that go.mod requires. It takes ten minutes, once.",
)
