"""Executables and tests that are shell scripts over other targets."""

def quote(words):
    """The words as the shell reads them back."""
    return " ".join(["'%s'" % word.replace("'", "'\\''") for word in words])

def script(ctx, body, files, programs):
    """What a rule returns whose executable is a script that starts in its runfiles.

    Args:
      ctx: of the rule.
      body: bash, behind `set -euo pipefail`.
      files: what it reads and runs.
      programs: labels whose runfiles are needed, too.
    """
    script = ctx.actions.declare_file(ctx.label.name)
    ctx.actions.write(
        script,
        "#!/bin/bash\nset -euo pipefail\n" + body,
        is_executable = True,
    )
    runfiles = ctx.runfiles(files = files)
    for program in programs:
        runfiles = runfiles.merge(program[DefaultInfo].default_runfiles)
    return [DefaultInfo(executable = script, runfiles = runfiles)]
