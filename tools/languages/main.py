"""Uses the types that are generated for Python: reads each object of the list that it is given, and writes it again."""

import importlib
import json
import sys

with open(sys.argv[1], encoding="utf-8") as file:
    objects = json.load(file)
if len({item["kind"] for item in objects}) < 12:
    sys.exit("there are too few kinds")


def reads(item):
    """The object that the types of its kind make of an object."""
    kind = item["kind"]
    return getattr(importlib.import_module(kind.lower()), kind).from_dict(item)


for item in objects:
    written = reads(item).to_dict()
    if written != item:
        sys.exit(f"{item['kind']} became {json.dumps(written)}\nfrom {json.dumps(item)}")

for about, kind, spec in [
    ("without a type", "Tool", {"description": "d"}),
    ("of an unknown type", "Query", {"input": "hi", "type": "guess"}),
    ("with a number for a text", "Query", {"input": "hi", "timeout": 5}),
    ("with a nameless target", "Query", {"input": "hi", "target": {"type": "agent"}}),
]:
    try:
        reads({"apiVersion": "ark.ai/v1alpha1", "kind": kind, "spec": spec})
    except (AssertionError, ValueError, KeyError):
        continue
    sys.exit(f"a {kind} {about} was read")
