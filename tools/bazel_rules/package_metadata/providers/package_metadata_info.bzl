"""The provider that rules_go looks for."""

PackageMetadataInfo = provider(
    "What is known of a package.",
    fields = {
        "files": "depset of the files with it.",
        "metadata": "The JSON file.",
    },
)
