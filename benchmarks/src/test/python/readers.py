"""Holds parameter files against what DVC's own readers make of them.

Reads cases from standard input, one JSON object a line: name, format, text, and the values that it has to have. Prints what differs, and at
the end how many cases there were.
"""
import io
import json
import sys

from dvc.utils.serialize import parse_json, parse_toml, parse_yaml

READERS = {"yaml": parse_yaml, "json": parse_json, "toml": parse_toml}


def same(expected, value):
    """Types count: 1 is not 1.0, and NaN equals itself."""
    kind, content = expected
    if kind == "map":
        if not isinstance(value, dict) or len(content) != len(value):
            return False
        spelled = {key_text(content, key): item for key, item in value.items()}
        return sorted(content) == sorted(spelled) and all(same(content[key], item) for key, item in spelled.items())
    if kind == "list":
        return isinstance(value, list) and len(content) == len(value) and all(map(same, content, value))
    if kind == "null":
        return value is None
    if kind == "boolean":
        return isinstance(value, bool) and value == content
    if kind == "integer":
        return isinstance(value, int) and not isinstance(value, bool) and value == int(content)
    if kind == "double":
        return isinstance(value, float) and float.fromhex(content).hex() == value.hex()
    # what has no case of its own in Daybook, dates and large integers, is a text there
    return value == content if isinstance(value, str) else not isinstance(value, (bool, float, dict, list, type(None)))


def key_text(content, key):
    """Daybook names a key by its spelling, and DVC reads 0x10 as 16: the spelling of a key is the one that DVC reads as this key."""
    if isinstance(key, str):
        return key
    return next((text for text in content if text == str(key) or is_read_as(text, key)), str(key))


def is_read_as(text, key):
    try:
        return [(type(each), each) for each in parse_yaml(text + ": 0", "key")] == [(type(key), key)]
    except Exception:  # a text that is no key by itself
        return False


def main():
    count = 0
    for line in sys.stdin.buffer:
        case = json.loads(line)
        count += 1
        # opened as DVC opens it
        text = io.TextIOWrapper(io.BytesIO(case["text"].encode()), encoding="utf-8").read()
        try:
            value = READERS[case["format"]](text, case["name"])
        except Exception as e:  # whatever DVC's reader dies of
            print(json.dumps({"name": case["name"], "error": repr(e.__cause__ or e), "text": case["text"]}))
            continue
        if not same(case["values"], value):
            print(json.dumps({"name": case["name"], "read": repr(value), "expected": case["values"], "text": case["text"]}))
    print(json.dumps({"cases": count}))


main()
