"""The labelling configuration of Label Studio for the spans and attributes of the gold format.

Tags: Label Studio's documentation, "Customize the labeling interface" (Labels, Text, Choices, Number, TextArea,
Relations). `perRegion` shows a control for the selected span only.
"""

from __future__ import annotations

from collections.abc import Iterable
from xml.sax.saxutils import quoteattr

from trialsift.gold import GoldDocument
from trialsift.gold.formats.brat_config import list_colours
from trialsift.model.fact import FLAGS
from trialsift.model.listed_values import LISTED_VALUES

#: Names of controls, and of the object that they are about.
LABELS, TEXT, FLAG_CONTROL = "label", "text", "flags"
#: Attributes that have a control of their own: numbers, and texts.
NUMBER_CONTROLS = ("low", "high", "any_of")
TEXT_CONTROLS = ("unit", "analyte", "agent", "condition")
REGIMEN_LINK = "regimen"


def format_config(documents: Iterable[GoldDocument]) -> str:
    """Returns the configuration with the shipped labels and those of the documents."""
    labels = "".join(
        f"    <Label value={quoteattr(name)} background={quoteattr(colour)}/>\n"
        for name, colour in list_colours(documents).items()
    )
    listed = {**LISTED_VALUES, FLAG_CONTROL: tuple(sorted(FLAGS))}
    choices = "".join(_format_choices(name, values) for name, values in listed.items())
    numbers = "".join(f'  <Number name="{name}" toName="{TEXT}" perRegion="true"/>\n' for name in NUMBER_CONTROLS)
    texts = "".join(
        f'  <TextArea name="{name}" toName="{TEXT}" perRegion="true" maxSubmissions="1" editable="true" '
        f'placeholder="{name}"/>\n'
        for name in TEXT_CONTROLS
    )
    links = "".join(f'    <Relation value="{value}"/>\n' for value in (REGIMEN_LINK, "any_of"))
    return (
        f'<View>\n  <Labels name="{LABELS}" toName="{TEXT}">\n{labels}  </Labels>\n'
        f'  <Text name="{TEXT}" value="${TEXT}" granularity="symbol"/>\n{choices}{numbers}{texts}'
        f"  <Relations>\n{links}  </Relations>\n</View>\n"
    )


def _format_choices(name: str, values: Iterable[str]) -> str:
    several = "multiple" if name == FLAG_CONTROL else "single"
    lines = "".join(f"    <Choice value={quoteattr(value)}/>\n" for value in values)
    return (
        f'  <Choices name="{name}" toName="{TEXT}" perRegion="true" choice="{several}" showInline="true">\n'
        f"{lines}  </Choices>\n"
    )
