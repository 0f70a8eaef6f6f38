"""The Go toolchain that go.mod names, whichever is installed."""

load(":go_command.bzl", "run_go")

def _go_toolchain_impl(ctx):
    lines = ctx.read(ctx.workspace_root.get_child("go.mod")).splitlines()
    version = [line for line in lines if line.startswith("toolchain ")][0].removeprefix("toolchain ")

    # The installed one if that is it, or else the go command gets it, verified, as it gets modules.
    settings = json.decode(run_go(ctx, ["env", "-json", "GOROOT", "GOVERSION"], directory = "/", environment = {"GOTOOLCHAIN": version}))
    if settings["GOVERSION"] != version:
        fail("this repository is built with {}, and the go command has {}: install a Go of at least 1.21, which can fetch it, or {} itself".format(
            version,
            settings["GOVERSION"],
            version,
        ))
    ctx.file("BUILD.bazel", "")
    ctx.file("goroot.bzl", "GOROOT = \"{}\"\n".format(settings["GOROOT"]))

go_toolchain = repository_rule(
    implementation = _go_toolchain_impl,
    doc = "Provides goroot.bzl with GOROOT, where the toolchain is.",
    environ = ["PATH"],
)
