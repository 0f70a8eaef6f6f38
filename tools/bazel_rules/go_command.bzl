"""How repository rules run the go command."""

def run_go(ctx, arguments, directory, environment = {}, program = None):
    """Runs the go command, and fails if that fails.

    Args:
      ctx: that of the repository rule.
      arguments: those of the command.
      directory: where it runs.
      environment: variables, besides those of the user.
      program: the command; the one in PATH, if there is none.

    Returns:
      What it has written.
    """
    program = program or ctx.which("go")
    if not program:
        fail("there is no go in PATH: install Go first")
    result = ctx.execute(
        [program] + arguments,
        environment = {"GO111MODULE": "on", "GOFLAGS": "-modcacherw", "GOWORK": "off"} | environment,
        timeout = 3600,
        working_directory = directory,
    )
    if result.return_code:
        fail("go {}: {}{}".format(" ".join(arguments), result.stdout, result.stderr))
    return result.stdout
