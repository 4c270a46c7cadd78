"""Formats brat's configuration: `annotation.conf`, the types it offers, and `visual.conf`, their colours.

Formats: brat's manual, "Configuration". The types are the shipped labels and those of the documents; colours come from
the labels' files.
"""

from __future__ import annotations

from collections.abc import Iterable

from trialsift.gold import GoldDocument
from trialsift.model.fact import FLAGS
from trialsift.model.listed_values import LISTED_VALUES
from trialsift.rules.labels import shipped_labels

#: The event that groups the spans of a prescription, and its role; brat numbers roles: Span, Span2, Span3.
REGIMEN, ROLE = "REGIMEN", "Span"
REGIMEN_COLOUR, OTHER_COLOUR = "#cccccc", "#dddddd"


def format_annotation_conf(documents: Iterable[GoldDocument]) -> str:
    """Returns the types of entities, events and attributes."""
    # brat shows attributes with a list of values as menus
    attributes = [f"{name}\tArg:<ENTITY>, Value:{'|'.join(values)}" for name, values in LISTED_VALUES.items()]
    attributes += [f"{name}\tArg:<ENTITY>" for name in sorted(FLAGS)]
    return _format_sections(
        entities=list_colours(documents),
        relations=(),
        events=[f"{REGIMEN}\t{ROLE}+:<ENTITY>"],
        attributes=attributes,
    )


def format_visual_conf(documents: Iterable[GoldDocument]) -> str:
    """Returns the colours, and a mark for spans with an attribute."""
    colours = {**list_colours(documents), REGIMEN: REGIMEN_COLOUR}
    return _format_sections(
        labels=(),
        drawing=[
            f"SPAN_DEFAULT\tfgColor:black, bgColor:{OTHER_COLOUR}, borderColor:darken",
            "ARC_DEFAULT\tcolor:black, dashArray:-, arrowHead:triangle-5",
            "ATTRIBUTE_DEFAULT\tglyph:*",
            *(f"{label}\tbgColor:{colour}" for label, colour in colours.items()),
        ],
    )


def list_colours(documents: Iterable[GoldDocument]) -> dict[str, str]:
    """Returns the shipped labels and those of the documents, with their colours."""
    shipped = {table.label: table.colour for table in sorted(shipped_labels(), key=lambda table: not table.default)}
    found = {span.label for document in documents for span in document.spans}
    return {**shipped, **dict.fromkeys(sorted(found - shipped.keys()), OTHER_COLOUR)}


def _format_sections(**lines: Iterable[str]) -> str:
    return "\n".join("\n".join([f"[{name}]", *content, ""]) for name, content in lines.items())
