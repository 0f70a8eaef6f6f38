"""Bills of materials."""

load(":stamp.bzl", "STAMP")
load(":writer.bzl", "write")

def _sbom_impl(ctx):
    return write(
        ctx,
        ctx.actions.declare_file(ctx.label.name + ".cdx.json"),
        mnemonic = "Sbom",
        progress_message = "Writing bill of materials %{label}",
    )

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
