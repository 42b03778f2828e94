"""Requests and answers by an OpenAPI document: values that fit a schema, values that nearly do, and whether one fits."""

from collections.abc import Mapping
from typing import Any

from hypothesis import strategies as st
from jsonschema import Draft202012Validator

Schema = Mapping[str, Any]
_TEXT = st.sampled_from(["Міст відкрили", "<p>Рух <b>почався</b></p>", "Естакада", "x"]) | st.text(max_size=30)
_ODD_TEXT = st.sampled_from(["", "a" * 501, "\x00", "\u202e", "їжак" * 400])
_ADDRESSES = st.sampled_from(
    ["", "https://x.example/1", "https://x.example/2", "http://[", "//x", "javascript:alert(1)"]
)
_INSTANTS = st.sampled_from([
    "2026-11-23T10:00:00Z", "2026-11-23T10:00:00+14:00", "2026-11-24T10:00:00Z", "2026-11-26T10:00:00",
    "0001-01-01T00:00:00Z", "9999-12-31T23:59:59-12:00", "2026-02-30T10:00:00Z", "1e9",
])  # fmt: skip
_OTHER = st.sampled_from([None, True, 0, -1, 1.5, 10**30, "", "true", [], {}, [None], {"x": 1}])


def values(schema: Schema, root: Schema) -> st.SearchStrategy[Any]:
    """Return values that fit a schema, or nearly do where its words cannot be drawn from."""
    match schema:
        case {"$ref": str(path)}:
            return values(_at(path, root), root)
        case {"enum": list(names)}:
            return st.sampled_from(names)
        case {"const": const}:
            return st.just(const)
        case {"anyOf": list(choices)}:
            return st.one_of([values(one, root) for one in choices])
        case {"format": "date-time"}:
            return _INSTANTS
        case {"pattern": str(pattern)}:
            return _ADDRESSES if "http" in pattern else st.from_regex(pattern) | _TEXT
        case {"type": "array", "items": items}:
            return st.lists(values(items, root), max_size=3)
        case {"type": "object", "properties": properties}:
            return st.fixed_dictionaries({}, optional={name: values(one, root) for name, one in properties.items()})
    plain = {
        "string": _TEXT | _TEXT | _TEXT | _ODD_TEXT,
        "integer": st.integers(),
        "boolean": st.booleans(),
        "null": st.none(),
    }
    return plain[schema["type"]]


def nearly(schema: Schema, root: Schema) -> st.SearchStrategy[Any]:
    """Return objects of a schema, of which some have something in a place where it does not belong."""
    fit = values(schema, root)
    names = [*_at(schema["$ref"], root)["properties"], "titel", "__proto__", ""]
    wrong = st.dictionaries(st.sampled_from(names), _OTHER, max_size=1)
    return fit | fit | st.builds(lambda one, other: {**one, **other}, fit, wrong) | _OTHER


def problem_of(value: Any, schema: Schema, root: Schema) -> str:
    """Return what a value has that does not fit a schema; "" when it fits."""
    validator = Draft202012Validator({**schema, "components": root["components"]})
    error = next(validator.iter_errors(value), None)
    return error.message if error is not None else ""


def _at(path: str, root: Schema) -> Schema:
    found: Any = root
    for part in path.removeprefix("#/").split("/"):
        found = found[part]
    return dict(found)
