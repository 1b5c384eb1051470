"""Says what keeps a file from being one JSON document that every reader understands alike; nothing when it is one.

json_document.py <file>: one line, "found …, expected …". No number is converted: none may cost time or memory.
"""

import json
import re
import sys

# jq's own is 256, and no document of ours has more than five.
MAX_DEPTH = 100


class Refused(Exception):
    """What was found and what is expected."""


def mapping(pairs):
    """Readers differ in which of two values they take."""
    fields = dict(pairs)
    if len(fields) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise Refused(f"found the field {json.dumps(twice[:100])} twice in one mapping, expected each once")
    return fields


def constant(name):
    """NaN and Infinity, which Python reads and JSON does not have."""
    raise Refused(f"found {name}, which is no JSON, expected a JSON document")


def depth(text):
    """How many lists and mappings are open at once, at most."""
    deepest = level = 0
    for match in re.finditer(r'"(?:[^"\\]|\\.)*"|[\[{]|[\]}]', text, re.DOTALL):
        level += {"[": 1, "{": 1, "]": -1, "}": -1}.get(match.group(), 0)
        deepest = max(deepest, level)
    return deepest


def problem(content):
    """One line, or None."""
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        return f"found a byte that is no UTF-8 at offset {error.start}, expected UTF-8"
    if (levels := depth(text)) > MAX_DEPTH:
        return f"found {levels} levels of lists and mappings, expected at most {MAX_DEPTH}"
    try:
        json.loads(text, object_pairs_hook=mapping, parse_constant=constant, parse_int=str, parse_float=str)
    except Refused as error:
        return str(error)
    except json.JSONDecodeError as error:
        return f"found what is no JSON ({error.msg} at line {error.lineno}, column {error.colno}), expected one JSON document"
    return None


with open(sys.argv[1], "rb") as file:
    found = problem(file.read())
if found is not None:
    print(found)
