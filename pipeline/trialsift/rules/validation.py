"""The contents of rule files as pydantic models; a mistake is a PatternError with file and line.

In: a TOML or JSON file of patterns, and the model of its contents, which is defined beside the code that uses them.
Out: the checked contents. Nothing is converted: a number is no text, and 1 is not `true`.

Import this only where rules are read: importing pydantic takes a tenth of a second.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import ErrorDetails

from trialsift.rules.files import PatternError, Where, read_json, read_toml
from trialsift.rules.layers import File
from trialsift.rules.positions import Place


class Table(BaseModel):
    """A table in a rule file, without other keys than its fields."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


Contents = TypeVar("Contents", bound=Table)


def _check_expression(expression: str) -> str:
    try:
        if re.search(expression, ""):
            raise ValueError("expected an expression that does not match the empty text")
    except re.error as error:
        raise ValueError(str(error)) from None
    return expression


#: A regular expression that matches at least one character.
Expression = Annotated[str, AfterValidator(_check_expression)]
#: A non-empty text.
Phrase = Annotated[str, Field(min_length=1)]
#: The examples of a rule, at least one.
Examples = Annotated[list[str], Field(min_length=1)]

# What was expected, by pydantic's type of error; for other types pydantic's own message is used.
_EXPECTED = {
    "string_type": "text in quotes",
    "bool_type": "true or false",
    "int_type": "a whole number",
    "float_type": "a number",
    "list_type": "a list",
    "dict_type": "a table",
    "model_type": "a table",
    "too_short": "one entry at least",
    "string_too_short": "text that is not empty",
}


def read_as(model: type[Contents], file: File) -> Contents:
    """Returns the contents of a TOML or JSON file, all layers combined.

    Raises PatternError for a file that cannot be parsed, an unknown or missing key, and a value that the model rejects.
    """
    table = read_json(file) if file.name.endswith(".json") else read_toml(file)
    try:
        return model.model_validate(table)
    except ValidationError as error:
        # a misspelt key is both unknown and missing; the former is more telling
        mistake = min(error.errors(), key=lambda one: one["type"] != "extra_forbidden")
        raise _pattern_error(mistake, file, table, model) from None


def _pattern_error(mistake: ErrorDetails, file: File, contents: Mapping[str, Any], model: type[Table]) -> PatternError:
    """Converts a mistake that pydantic found into plain words, with its place."""
    place, kind, value = mistake["loc"], mistake["type"], mistake["input"]
    if kind == "missing":
        return Where(file, place[:-1], _name_table(contents, place[:-1])).error(f"the key {place[-1]!r} is missing")
    if kind == "extra_forbidden" or place[-1] == "[key]":  # the latter: of a table whose keys are listed
        place = place[:-1] if place[-1] == "[key]" else place
        known = ", ".join(sorted(_known_keys(model, place[:-1])))
        reason = f"unknown key {place[-1]!r}; known are {known}"
        return Where(file, place, _name_table(contents, place[:-1])).error(reason)
    expected = _EXPECTED.get(kind, mistake["msg"].removeprefix("Input should be "))
    if kind == "list_type" and isinstance(value, dict):
        expected = f"[[{place[-1]}]] in double brackets"
    reason = str(mistake["ctx"]["error"]) if kind == "value_error" else f"expected {expected}"
    key, verb = (place[-2], "holds") if isinstance(place[-1], int) else (place[-1], "is")
    table = place[: place.index(key)] if verb == "holds" else place[:-1]
    text_there = value if isinstance(value, str) else ""
    place = place[:-1] if text_there and verb == "holds" else place
    return Where(file, place, _name_table(contents, table), text_there).error(f"{key} {verb} {value!r:.60}; {reason}")


def _name_table(contents: Any, place: Place) -> str:
    """Returns what a person would call a table: `[words]`, `[[rule]] number 3 (age.named)`; nothing for a whole
    file."""
    if not place:
        return ""
    depth = next((depth for depth, key in enumerate(place) if isinstance(key, int)), len(place))
    header = ".".join(map(str, place[:depth]))
    name = f"[{header}]" if depth == len(place) else f"[[{header}]]"
    for number, key in enumerate(place):
        contents = contents[key]
        if isinstance(key, int):
            named = contents if isinstance(contents, dict) else {}
            identifier = named.get("id", named.get("literal"))
            name += f" number {key + 1}" + ("" if identifier is None else f" ({identifier})")
        elif number > depth:
            name += f", {key}"
    return name


def _known_keys(model: type[Table], place: Place) -> list[str]:
    """Returns the keys that the table at a place of a file may have."""
    schema = model.model_json_schema()
    definitions = schema.get("$defs", {})
    for key in place:
        properties = schema.get("properties", {})
        inner = properties.get(key) or schema.get("items") or schema["additionalProperties"]
        inner = inner.get("anyOf", (inner,))[0]  # of a table that may be left out
        schema = definitions.get(inner.get("$ref", "").rpartition("/")[2], inner)
    return list(schema["properties"] if "properties" in schema else schema["propertyNames"]["enum"])
