"""Rules whose output a tool writes from a program."""

def write(ctx, output, arguments = [], inputs = [], **kwargs):
    """Runs the rule's _writer on its program, which it is told the version of if the rule is stamped.

    Args:
      ctx: of a rule with the attributes program, stamp and _writer.
      output: the file to write.
      arguments: more flags of the writer.
      inputs: more files that it reads.
      **kwargs: mnemonic and progress_message.

    Returns:
      The rule's providers.
    """
    program = ctx.attr.program[DefaultInfo].files_to_run.executable
    flags = ctx.actions.args()
    flags.add("-output", output)
    flags.add_all(arguments)
    inputs = inputs + [program]
    if ctx.attr.stamp:
        flags.add("-status", ctx.info_file)
        inputs.append(ctx.info_file)
    flags.add(program)
    ctx.actions.run(
        executable = ctx.executable._writer,
        arguments = [flags],
        inputs = inputs,
        outputs = [output],
        **kwargs
    )
    return [DefaultInfo(files = depset([output]))]
