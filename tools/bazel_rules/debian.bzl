"""Debian packages."""

load(":stamp.bzl", "STAMP")
load(":writer.bzl", "write")

def _debian_impl(ctx):
    return write(
        ctx,
        ctx.actions.declare_file(ctx.label.name + ".deb"),
        arguments = ["-architecture", ctx.attr.architecture, "-unit", ctx.file.unit],
        inputs = [ctx.file.unit],
        mnemonic = "Debian",
        progress_message = "Writing package %{label}",
    )

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
