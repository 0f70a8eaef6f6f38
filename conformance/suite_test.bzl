"""Tests of running servers."""

load("@io_bazel_rules_go//go:def.bzl", "go_test")
load("@postgresql//:environment.bzl", "POSTGRESQL_ENVIRONMENT")

# The variables by which tests find programs.
_PROGRAMS = {
    "ARK_APISERVER": "//src/cmd/ark-apiserver",
    "KUBECTL": "@kubernetes//:kubectl",
}
_KUBERNETES = {
    "ETCD": "@etcd",
    "KUBE_APISERVER": "@kubernetes//:kube-apiserver",
    "KUBE_CONTROLLER_MANAGER": "@kubernetes//:kube-controller-manager",
}

def suite_test(name, mode = None, driver = None, apart = None, args = [], data = [], programs = {}, requires = [], tags = [], **kwargs):
    """A go_test that starts servers, of programs that are its inputs.

    Args:
      name: of the target.
      mode: how the Ark API is served, for a suite: standalone or aggregated.
      driver: the servers' database, for a suite: sqlite, postgresql or mysql.
      apart: a regular expression for files of a suite that takes long, whose specs are a target of their
        own, NAME_apart, which runs at the same time.
      args: arguments of the test.
      data: more inputs.
      programs: variables by which the test finds more programs, and their targets.
      requires: what else it starts: kubernetes, postgresql, mariadb. Becomes tags such as requires-kubernetes.
      tags: more tags.
      **kwargs: what go_test has.
    """
    args = list(args)
    requires = list(requires)
    if mode:
        # A failed check is tried again, as by tools/verify.
        args += ["-mode=" + mode, "-driver=" + driver, "-ginkgo.flake-attempts=2", "-ginkgo.label-filter=!long"]
        if mode != "standalone":
            requires.append("kubernetes")
        if driver == "postgresql":
            requires.append("postgresql")
        if driver == "mysql":
            requires.append("mariadb")
    programs = _PROGRAMS | programs

    # Processors are what is short, not memory: the test and the Go programs that it starts collect
    # garbage when they have five times the memory that they use, not twice.
    env = {"GOGC": "400"}

    # From where the test runs, its package, to where the repositories are.
    above = "../" * (native.package_name().count("/") + 2)
    if "kubernetes" in requires:
        programs = programs | _KUBERNETES
    if "postgresql" in requires:
        data = data + ["@postgresql"]
        env = env | POSTGRESQL_ENVIRONMENT
    targets = {name: []}
    if apart:
        targets = {name: ["-ginkgo.skip-file=" + apart], name + "_apart": ["-ginkgo.focus-file=" + apart]}
    for target, which in targets.items():
        go_test(
            name = target,
            args = args + which,
            data = data + programs.values(),
            env = env | {variable: "{}$(rlocationpath {})".format(above, program) for variable, program in programs.items()},
            tags = tags + ["requires-" + required for required in requires],
            **kwargs
        )
