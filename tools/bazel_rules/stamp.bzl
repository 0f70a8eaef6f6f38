"""Versions of what is built."""

# For the attribute stamp of rules: whether --stamp has been said.
STAMP = select({
    "//tools/bazel_rules:stamp": True,
    "//conditions:default": False,
})
