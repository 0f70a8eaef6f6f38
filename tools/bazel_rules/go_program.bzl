"""Programs of the modules below tools, which have dependencies of their own."""

load(":go_command.bzl", "run_go")

def _go_program_impl(ctx):
    module = ctx.workspace_root.get_child("tools", ctx.attr.module)
    ctx.watch_tree(module)
    run_go(
        ctx,
        ["build", "-trimpath", "-buildvcs=false", "-o", str(ctx.path(ctx.name)), ctx.attr.package],
        directory = str(module),
        environment = {"CGO_ENABLED": "0", "GOTOOLCHAIN": "local"},
        program = ctx.path(ctx.attr._go),
    )
    ctx.file("BUILD.bazel", """exports_files(["{}"])\n""".format(ctx.name))

go_program = repository_rule(
    implementation = _go_program_impl,
    doc = """A program, by the name of the repository, from a module of its own, whose go.sum says what it is made of.

Not made with go_binary: two versions of one module in a workspace exclude each other, and the product's are not to depend on its tools'.""",
    attrs = {
        "module": attr.string(mandatory = True, doc = "Its folder in tools."),
        "package": attr.string(default = ".", doc = "The package of the program."),
        "_go": attr.label(default = "@go_sdk//:bin/go"),
    },
)
