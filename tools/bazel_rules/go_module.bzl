"""The files of a Go module as a Bazel repository."""

load(":go_command.bzl", "run_go")

def _go_module_impl(ctx):
    spec = "{}@{}".format(ctx.attr.module, ctx.attr.version)
    downloaded = json.decode(run_go(ctx, ["mod", "download", "-json", spec], directory = "/"))
    if downloaded["Sum"] != ctx.attr.sum:
        fail("{} has the sum {}, and {} is expected".format(spec, downloaded["Sum"], ctx.attr.sum))

    # Modules have no executable files.
    copied = ctx.execute(["sh", "-c", """cp -R "$1"/. . && chmod -R u+w . && find . -name '*.sh' -exec chmod +x {} +""", "sh", downloaded["Dir"]])
    if copied.return_code:
        fail("copy {}: {}".format(spec, copied.stderr))
    ctx.delete("MODULE.bazel.lock")
    for folder in ctx.attr.exclude:
        ctx.delete(folder)
    if ctx.attr.vendor:
        run_go(ctx, ["mod", "vendor"], directory = str(ctx.path(".")))
    if not ctx.path("WORKSPACE").exists:
        ctx.file("WORKSPACE", "")

go_module = repository_rule(
    implementation = _go_module_impl,
    doc = "The files of a published Go module. The go command fetches it as the user's environment says; the sum verifies it.",
    attrs = {
        "exclude": attr.string_list(doc = "Folders to leave out."),
        "module": attr.string(mandatory = True),
        "sum": attr.string(mandatory = True, doc = "As in go.sum."),
        "vendor": attr.bool(doc = "Whether to bring back the folder vendor, which modules leave out, as go.sum says."),
        "version": attr.string(mandatory = True),
    },
    environ = ["PATH"],
)
