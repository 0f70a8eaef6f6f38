"""PostgreSQL's programs, as they are installed, for tests."""

# As tests look for them, except that here the choice is made once.
_FIND = """
first() { for found in "$@"; do [ -x "$found" ] && { echo "$found"; return; }; done; }
first "$(command -v initdb)" "$(pg_config --bindir)/initdb" $(ls -d /usr/lib/postgresql/*/bin/initdb | sort -rV)
first "$(command -v pgbouncer)" /usr/sbin/pgbouncer
"""

# What else is built does without them.
_MISSING = """def _missing_impl(ctx):
    fail("tests need PostgreSQL's server programs and pgbouncer: install them, on Debian by tools/packages")

missing = rule(implementation = _missing_impl)
"""

def _postgresql_impl(ctx):
    found = ctx.execute(["sh", "-c", _FIND]).stdout.split("\n")
    if len(found) < 3:
        for path in ["/usr/lib/postgresql", "/usr/sbin/pgbouncer"]:
            ctx.watch(path)
        ctx.file("missing.bzl", _MISSING)
        ctx.file("BUILD.bazel", """load(":missing.bzl", "missing")

missing(
    name = "postgresql",
    visibility = ["//visibility:public"],
)
""")
        ctx.file("environment.bzl", "POSTGRESQL_ENVIRONMENT = {}\n")
        return
    initdb, pgbouncer = ctx.path(found[0]), ctx.path(found[1])
    programs = {
        "initdb": initdb,
        "pgbouncer": pgbouncer,
        "postgres": initdb.dirname.get_child("postgres"),
    }
    for name, path in programs.items():
        ctx.symlink(path, name)
    ctx.file("BUILD.bazel", """filegroup(
    name = "postgresql",
    srcs = {},
    visibility = ["//visibility:public"],
)
""".format(programs.keys()))
    ctx.file("environment.bzl", "POSTGRESQL_ENVIRONMENT = {{\"PATH\": \"{}:{}:/usr/bin:/bin\"}}\n".format(initdb.dirname, pgbouncer.dirname))

postgresql = repository_rule(
    implementation = _postgresql_impl,
    doc = """The programs that are installed.

They find their files beside them, so tests run them where they are: environment.bzl has a POSTGRESQL_ENVIRONMENT with their folders in
PATH. The target has the programs themselves, so that results do not outlive an upgrade.""",
)
