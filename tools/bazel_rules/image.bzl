"""The container image."""

load(":stamp.bzl", "STAMP")

def _image_impl(ctx):
    archive, digest = ctx.outputs.archive, ctx.outputs.digest
    arguments = ctx.actions.args()
    arguments.add("-output", archive)
    arguments.add("-digest", digest)
    inputs = []
    if ctx.attr.stamp:
        arguments.add("-status", ctx.info_file)
        inputs.append(ctx.info_file)
    for target, platform in ctx.attr.programs.items():
        program = target[DefaultInfo].files_to_run.executable
        arguments.add(program, format = platform + "=%s")
        inputs.append(program)
    ctx.actions.run(
        executable = ctx.executable._writer,
        arguments = [arguments],
        inputs = inputs,
        outputs = [archive, digest],
        mnemonic = "Image",
        progress_message = "Writing image %{label}",
    )
    return [DefaultInfo(files = depset([archive, digest]))]

_image = rule(
    implementation = _image_impl,
    attrs = {
        "archive": attr.output(mandatory = True),
        "digest": attr.output(mandatory = True),
        "programs": attr.label_keyed_string_dict(mandatory = True),
        "stamp": attr.bool(mandatory = True),
        "_writer": attr.label(default = "@image", allow_single_file = True, cfg = "exec", executable = True),
    },
)

def image(name, **kwargs):
    """An image of ark-apiserver: an archive, NAME.tar, and its digest, NAME.digest.

    Args:
      name: of the target. The name of the image is ark-apiserver, with the version as its tag: dev without --stamp.
      **kwargs: programs, a dictionary from programs to platforms such as linux/amd64, and what all rules have.
    """
    _image(
        name = name,
        archive = name + ".tar",
        digest = name + ".digest",
        stamp = STAMP,
        **kwargs
    )
