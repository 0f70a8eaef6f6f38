"""Debian packages."""

load(":stamp.bzl", "STAMP")

def _debian_impl(ctx):
    package = ctx.actions.declare_file(ctx.label.name + ".deb")
    program = ctx.attr.program[DefaultInfo].files_to_run.executable
    arguments = ctx.actions.args()
    arguments.add("-output", package)
    arguments.add("-architecture", ctx.attr.architecture)
    arguments.add("-unit", ctx.file.unit)
    inputs = [program, ctx.file.unit]
    if ctx.attr.stamp:
        arguments.add("-status", ctx.info_file)
        inputs.append(ctx.info_file)
    arguments.add(program)
    ctx.actions.run(
        executable = ctx.executable._writer,
        arguments = [arguments],
        inputs = inputs,
        outputs = [package],
        mnemonic = "Debian",
        progress_message = "Writing package %{label}",
    )
    return [DefaultInfo(files = depset([package]))]

_debian = rule(
    implementation = _debian_impl,
    attrs = {
        "architecture": attr.string(mandatory = True),
        "program": attr.label(mandatory = True),
        "stamp": attr.bool(mandatory = True),
        "unit": attr.label(allow_single_file = [".service"], mandatory = True),
        "_writer": attr.label(default = "@debian", allow_single_file = True, cfg = "exec", executable = True),
    },
)

def debian(name, **kwargs):
    """A Debian package of ark-apiserver: NAME.deb.

    Args:
      name: of the target.
      **kwargs: program; architecture, as Go calls what it is for; unit, for systemd; and what all rules have.
    """
    _debian(
        name = name,
        stamp = STAMP,
        **kwargs
    )
