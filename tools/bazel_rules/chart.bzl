"""The packaged Helm chart."""

load(":stamp.bzl", "STAMP")

def _chart_impl(ctx):
    package = ctx.actions.declare_file(ctx.label.name + ".tgz")

    # As a chart knows it, a version has no v. Without --stamp the image's tag is dev.
    if ctx.attr.stamp:
        inputs = [ctx.info_file]
        version = 'tag=$(sed -n "s/^STABLE_ARK_VERSION //p" {file}); version=${{tag#v}}; SOURCE_DATE_EPOCH=$(sed -n "s/^STABLE_ARK_EPOCH //p" {file})'.format(file = ctx.info_file.path)
    else:
        inputs = []
        version = "tag=dev; version=0.0.0-dev; SOURCE_DATE_EPOCH=0"
    ctx.actions.run_shell(
        command = """set -eu
{version}
export SOURCE_DATE_EPOCH HOME="$(mktemp -d)"
"{helm}" package --version "$version" --app-version "$tag" --destination "$HOME" "$(dirname "{chart}")" >/dev/null
mv "$HOME"/*.tgz "{package}"
""".format(version = version, helm = ctx.executable._helm.path, chart = ctx.file.chart.path, package = package.path),
        inputs = ctx.files.srcs + inputs,
        outputs = [package],
        tools = [ctx.executable._helm],
        mnemonic = "Chart",
        progress_message = "Packaging chart %{label}",
    )
    return [DefaultInfo(files = depset([package]))]

_chart = rule(
    implementation = _chart_impl,
    attrs = {
        "chart": attr.label(allow_single_file = ["Chart.yaml"], mandatory = True),
        "srcs": attr.label_list(allow_files = True, mandatory = True),
        "stamp": attr.bool(mandatory = True),
        "_helm": attr.label(default = "@helm", allow_single_file = True, cfg = "exec", executable = True),
    },
)

def chart(name, **kwargs):
    """A Helm chart, packaged by Helm: NAME.tgz. Its image is the one of the same version.

    Args:
      name: of the target.
      **kwargs: srcs, its files; chart, the Chart.yaml among them; and what all rules have.
    """
    _chart(
        name = name,
        stamp = STAMP,
        **kwargs
    )
