"""Bills of materials."""

load(":stamp.bzl", "STAMP")

def _sbom_impl(ctx):
    document = ctx.actions.declare_file(ctx.label.name + ".cdx.json")
    program = ctx.attr.program[DefaultInfo].files_to_run.executable
    arguments = ctx.actions.args()
    arguments.add("-output", document)
    inputs = [program]
    if ctx.attr.stamp:
        arguments.add("-status", ctx.info_file)
        inputs.append(ctx.info_file)
    arguments.add(program)
    ctx.actions.run(
        executable = ctx.executable._writer,
        arguments = [arguments],
        inputs = inputs,
        outputs = [document],
        mnemonic = "Sbom",
        progress_message = "Writing bill of materials %{label}",
    )
    return [DefaultInfo(files = depset([document]))]

_sbom = rule(
    implementation = _sbom_impl,
    attrs = {
        "program": attr.label(mandatory = True),
        "stamp": attr.bool(mandatory = True),
        "_writer": attr.label(default = "@sbom", allow_single_file = True, cfg = "exec", executable = True),
    },
)

def sbom(name, **kwargs):
    """The bill of materials of a Go program, as CycloneDX: NAME.cdx.json.

    Args:
      name: of the target.
      **kwargs: program, and what all rules have.
    """
    _sbom(
        name = name,
        stamp = STAMP,
        **kwargs
    )
