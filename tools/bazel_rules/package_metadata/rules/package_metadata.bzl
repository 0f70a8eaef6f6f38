"""What gazelle says of each Go module, in a form that rules_go puts into programs, as the go command would."""

load("//providers:package_metadata_info.bzl", "PackageMetadataInfo")

def _package_metadata_impl(ctx):
    metadata = ctx.actions.declare_file(ctx.label.name + ".package-metadata.json")
    ctx.actions.write(metadata, json.encode({"purl": ctx.attr.purl}))
    return [
        DefaultInfo(files = depset([metadata])),
        PackageMetadataInfo(metadata = metadata, files = depset([metadata])),
    ]

_package_metadata = rule(
    implementation = _package_metadata_impl,
    attrs = {
        "attributes": attr.label_list(),
        "purl": attr.string(doc = "Package URL, such as pkg:golang/example.com/module@v1.2.3."),
    },
)

def package_metadata(name, **kwargs):
    """Describes a package.

    Args:
      name: of the target.
      **kwargs: purl, and what all rules have.
    """

    # Without this, it would describe itself.
    _package_metadata(name = name, applicable_licenses = [], **kwargs)
