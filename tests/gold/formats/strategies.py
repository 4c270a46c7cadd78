"""Generated documents of the gold format, with all that a file may hold and a format may lose."""

from __future__ import annotations

from hypothesis import strategies as st

from trialsift.gold import GoldDocument, GoldSpan
from trialsift.model.fact import Bounds, Regimen, Scalar

ODD_TEXTS = [
    "\n", "\r\n", "\r", "\t", "\v", "\f", "\x1c", "\x85", "\u2028", "\u2029", "\x00", "\ufeff", "\u200b", "\xa0", " ",
    "  ", "=1+1", "+", "-", "@", "'", '"', '""', ",", ";", "%41", "\\n", "😀", "e\u0301", "5", "2.5 Gy", "≥", "a", "B",
]  # fmt: skip
ODD_IDS = [
    "a/b",
    "..",
    ".",
    ".hidden",
    "CON",
    "con",
    "Nul.x",
    "a",
    "A",
    "a~2",
    "a%2Fb",
    "x.txt",
    "x.ann",
    "=1",
    "'",
    " ",
    "\r",
    "é" * 150,
]
#: Strings that a table could take for something else.
ODD_STRINGS = [
    "",
    "null",
    "true",
    "5",
    "-5",
    "1e3",
    "NaN",
    "1e400",
    " 5 ",
    '"x"',
    '"',
    "'",
    "'=1",
    "=1+1",
    "[",
    "{}",
    "[1]",
    "1" * 5000,
]
#: Names that are fields of their own; a reader never finds them among unknown keys.
FIELDS = {"doc_id", "text", "meta", "spans", "regimens", "id", "start", "end", "label", "attributes", "rule"}
ODD_KEYS = ["source", "annotator", "note", "a b", "", "=x", "'", "meta.x", "extra.x", "attributes.x", "\n"]
KEYS = st.sampled_from(ODD_KEYS) | st.text(max_size=4).filter(lambda key: key not in FIELDS)
SMALL_INTEGERS = st.integers(-(2**63), 2**63)

texts = st.lists(st.sampled_from(ODD_TEXTS) | st.characters(codec="utf-8"), max_size=12).map("".join)
strings = st.sampled_from(ODD_STRINGS) | texts
numbers = SMALL_INTEGERS | st.floats(allow_nan=False, allow_infinity=False)
scalars: st.SearchStrategy[Scalar] = strings | numbers | st.booleans() | st.none()
json_values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=2) | st.dictionaries(KEYS, inner, max_size=2), max_leaves=4
)
bounds: st.SearchStrategy[Bounds | None] = st.none() | st.tuples(st.none() | numbers, st.none() | numbers)

_ATTRIBUTES: dict[str, st.SearchStrategy[Scalar]] = {
    "low": st.none() | numbers,
    "high": st.none() | numbers,
    "low_inclusive": st.none() | st.booleans(),
    "unit": st.none() | strings,
    "polarity": st.sampled_from(["inclusion", "exclusion", "none", None, "", "other", 1, True]),
    "scale": st.sampled_from(["ECOG", "ecog", None]),
    "negated": st.sampled_from([True, False, None, 1, 0, "true", ""]),
    "boost": st.booleans(),
    "id": scalars,
    "doc_id": scalars,
    "": scalars,
    "attributes.low": scalars,
    "extra.x": scalars,
    "=1": scalars,
    "two words": scalars,
}


@st.composite
def spans(draw: st.DrawFn, text: str, number: int) -> GoldSpan:
    """A span somewhere in a text that is not empty."""
    start = draw(st.integers(0, len(text) - 1))
    end = draw(st.integers(start + 1, len(text)))
    names = draw(st.lists(st.sampled_from(sorted(_ATTRIBUTES)), unique=True, max_size=6))
    extra = draw(st.dictionaries(KEYS, json_values, max_size=2))
    return GoldSpan(
        number,
        start,
        end,
        draw(st.sampled_from(["AGE", "LAB", "DOSE", "My-label_2"])),
        text[start:end],
        {name: draw(_ATTRIBUTES[name]) for name in names},
        draw(st.none() | strings),
        extra,
    )


@st.composite
def documents(draw: st.DrawFn, doc_id: str) -> GoldDocument:
    """A document with spans, some of them at the same place, and regimens over them."""
    text = draw(texts)
    ids = draw(st.lists(st.integers(-3, 5) | SMALL_INTEGERS, unique=True, max_size=4)) if text else []
    found = [draw(spans(text, number)) for number in ids]
    regimens = []
    if found:
        members = st.lists(st.sampled_from(ids), min_size=1, max_size=3).map(tuple)
        regimens = draw(st.lists(st.builds(Regimen, members, bounds, bounds, bounds), max_size=2))
    meta = draw(st.dictionaries(KEYS, json_values, max_size=2))
    extra = draw(st.dictionaries(KEYS, json_values, max_size=2))
    return GoldDocument(doc_id, text, tuple(found), tuple(regimens), meta, extra)


@st.composite
def corpora(draw: st.DrawFn) -> list[GoldDocument]:
    """Some documents with different ids."""
    ids = draw(st.lists(st.sampled_from(ODD_IDS) | st.text(min_size=1, max_size=6), unique=True, max_size=4))
    return [draw(documents(doc_id)) for doc_id in ids]
