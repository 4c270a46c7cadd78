"""trialsift in anybody's spaCy pipeline: the factories `trialsift` and `trialsift_context`.

    doc.spans["trialsift"]       a span a fact, widened to whole tokens; its label, and an id: `trialsift:0`, …
    doc._.trialsift              the facts in the same order, as flat dicts; their offsets count characters of doc.text
    doc._.trialsift_regimens     the radiotherapy prescriptions, in the gold format; their `spans` are indices of facts
    span._.trialsift_fact        the fact of a span of that group, by the span's id; else None

Facts are found on `doc.text`, so every tokenizer gives the same ones. They lie in `doc.user_data` as flat dicts of
str, int, float, bool and None: Docs go through `to_bytes`, DocBin and `n_process`. spaCy imports this module with every
pipeline of an environment that trialsift is installed in; so it imports little and registers no extension.
"""

# No `from __future__ import annotations` here: spaCy reads the types of a factory's arguments at run time.
from abc import abstractmethod
from collections.abc import Iterable
from itertools import starmap
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import srsly  # type: ignore[import-untyped]
from spacy import util
from spacy.language import Language
from spacy.tokens import Doc, Span, SpanGroup

from . import abbreviation_detector  # noqa: F401 (its factory is there where those below are)
from .doc_text import text_of
from .errors import UserError
from .facts import Annotation, Fact, Regimen, Scalar
from .layers import Patterns, label_files
from .resources import PatternError, patterns_dir, patterns_of, read_toml

if TYPE_CHECKING:
    from .context import Context
    from .extraction import Extractor

SPANS_KEY = "trialsift"
FACTS, REGIMENS = "trialsift", "trialsift_regimens"  # in doc.user_data, and the names of the Doc extensions
FACT = "trialsift_fact"  # the name of the Span extension
EXTRA = "extra_patterns"  # holds the rules laid over others, in what a component saves
SPAN_ID = "trialsift:"  # begins the ids of spans
_NUMBERS = ("fractions", "dose_per_fraction", "total_dose")

_OWN_COLOURS: dict[str, str] = {}  # of labels that a component was made with

Flat = dict[str, Scalar]


class ComponentError(UserError, ValueError):
    """A pipeline that can't work as it was put together."""


# -- what a Doc carries -----------------------------------------------------------------------------------------


def _facts_of(doc: Doc) -> list[Flat]:
    return list(doc.user_data.get(FACTS, ()))


def _regimens_of(doc: Doc) -> list[dict[str, Any]]:
    return [_regimen(flat).to_record() for flat in doc.user_data.get(REGIMENS, ())]


def _fact_of(span: Span) -> Flat | None:
    facts = span.doc.user_data.get(FACTS, ())
    number = span.id_.removeprefix(SPAN_ID)
    if not span.id_.startswith(SPAN_ID) or not number.isdecimal() or int(number) >= len(facts):
        return None
    fact: Flat = facts[int(number)]
    return fact


def _regimen(flat: Flat) -> Regimen:
    def pair(name: str) -> tuple[Any, Any] | None:
        return (flat[f"{name}_low"], flat[f"{name}_high"]) if f"{name}_low" in flat else None

    return Regimen(tuple(map(int, str(flat["facts"]).split())), *map(pair, _NUMBERS))


def _flat_regimen(regimen: Regimen) -> Flat:
    flat: Flat = {"facts": " ".join(map(str, regimen.facts))}
    for name in _NUMBERS:
        bounds = getattr(regimen, name)
        if bounds is not None:
            flat[f"{name}_low"], flat[f"{name}_high"] = bounds
    return flat


def _flat_fact(fact: Fact, context: tuple[int, int]) -> Flat:
    return {**fact.to_flat(), "context_start": context[0], "context_end": context[1]}


def write_annotation(doc: Doc, annotation: Annotation, spans_key: str = SPANS_KEY) -> None:
    """Puts facts, regimens and the span group `spans_key` on a Doc, in place of any that it has."""
    doc.user_data[FACTS] = list(map(_flat_fact, annotation.facts, annotation.contexts))
    doc.user_data[REGIMENS] = [_flat_regimen(regimen) for regimen in annotation.regimens]
    spans = (
        doc.char_span(fact.start, fact.end, fact.label, alignment_mode="expand", span_id=f"{SPAN_ID}{number}")
        for number, fact in enumerate(annotation.facts)
    )
    doc.spans[spans_key] = SpanGroup(doc, name=spans_key, spans=[span for span in spans if span is not None])


def annotation_of(doc: Doc) -> Annotation:
    """What the components have written on a Doc, as trialsift's own objects; empty where they did not run."""
    found = _facts_with_contexts(doc)
    return Annotation(
        tuple(fact for fact, _ in found),
        tuple(map(_regimen, doc.user_data.get(REGIMENS, ()))),
        tuple(context for _, context in found),
    )


def _facts_with_contexts(doc: Doc) -> list[tuple[Fact, tuple[int, int]]]:
    found = []
    for flat in doc.user_data.get(FACTS, ()):
        rest = dict(flat)
        context = int(rest.pop("context_start")), int(rest.pop("context_end"))
        found.append((Fact.from_flat(rest), context))
    return found


def _no_second(nlp: Language, factory: str, name: str) -> None:
    """Raises ComponentError where the pipeline has a component of this factory already: both would write the same
    facts, and which of them last is nobody's choice."""
    for other in nlp.component_names:
        if other != name and nlp.get_pipe_meta(other).factory == factory:
            raise ComponentError(
                f"the pipeline has {other!r} already, which writes doc._.{FACTS} too: "
                f"configure that one, or remove it with nlp.remove_pipe({other!r})"
            )


def register_extensions() -> None:
    """Registers the extensions. Raises ComponentError where another package has taken one of their names."""
    wanted: tuple[tuple[Any, str, Any], ...] = (
        (Doc, FACTS, _facts_of),
        (Doc, REGIMENS, _regimens_of),
        (Span, FACT, _fact_of),
    )
    for owner, name, getter in wanted:
        if not owner.has_extension(name):
            owner.set_extension(name, getter=getter)
            continue
        taken = owner.get_extension(name)[2]
        other = getattr(taken, "__module__", None) or "another package (as a default value)"
        if other != __name__:
            raise ComponentError(
                f"{owner.__name__}._.{name} belongs to {other} already, and trialsift needs it: "
                f"remove it with {owner.__name__}.remove_extension({name!r}), or load trialsift first"
            )


# -- components -------------------------------------------------------------------------------------------------


class _WithPatterns:
    """A component that carries its rules along: a saved pipeline gives the same results after an upgrade."""

    def __init__(self, patterns: str | None, extra_patterns: list[str] | None) -> None:
        register_extensions()
        self._files: dict[str, str] = {}
        self._missing: PatternError | None = None
        try:
            rules = patterns_of(patterns, extra_patterns or ())
        except PatternError as error:
            self._missing = error  # raised at first use, unless a saved pipeline brings its rules with from_disk
            return
        for number, folder in enumerate(rules.layers):
            below = f"{EXTRA}/{number}/" if number else ""
            for path in sorted(folder.rglob("*")):
                if path.is_file() and self._wants(path):
                    self._files[below + path.relative_to(folder).as_posix()] = path.read_text(encoding="utf-8")
        self._build(rules)

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_extractor": None, "_context": None}  # built again: they hold caches

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state, _files={})
        register_extensions()
        if state["_files"]:
            self._set_files(state["_files"])

    def _wants(self, path: Path) -> bool:
        return path.suffix in (".toml", ".csv")

    @abstractmethod
    def _build(self, rules: Patterns) -> None:
        """Reads the rules."""

    def _set_files(self, files: dict[str, str]) -> None:
        if files == self._files:
            return
        with TemporaryDirectory() as name:
            folder = Path(name)
            for relative, content in files.items():
                path = folder / relative
                if not path.resolve().is_relative_to(folder.resolve()):
                    raise PatternError(f"{relative}: a saved rule file outside the folder of patterns")
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(content, encoding="utf-8", newline="")
            over = sorted((folder / EXTRA).glob("*"), key=lambda layer: int(layer.name))
            self._build(Patterns(folder, tuple(over)))
        self._files, self._missing = files, None

    def to_bytes(self, *, exclude: Iterable[str] = ()) -> bytes:
        """The rules as bytes."""
        return util.to_bytes({"patterns": lambda: srsly.msgpack_dumps(self._files)}, exclude)

    def from_bytes(self, data: bytes, *, exclude: Iterable[str] = ()) -> "_WithPatterns":
        """Takes its rules from `to_bytes`. Raises PatternError when they can't be used."""
        util.from_bytes(data, {"patterns": lambda b: self._set_files(srsly.msgpack_loads(b))}, exclude)
        return self

    def to_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> None:
        """Writes the rules as they were, below `path`."""

        def write(folder: Path) -> None:
            for relative, content in self._files.items():
                (folder / relative).parent.mkdir(parents=True, exist_ok=True)
                (folder / relative).write_text(content, encoding="utf-8", newline="")

        util.to_disk(path, {"patterns": write}, exclude)

    def from_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> "_WithPatterns":
        """Takes its rules from `to_disk`. Raises PatternError when they can't be used."""

        def read(folder: Path) -> None:
            self._set_files(
                {
                    p.relative_to(folder).as_posix(): p.read_text(encoding="utf-8")
                    for p in sorted(folder.rglob("*"))
                    if p.is_file() and self._wants(p)
                }
            )

        util.from_disk(path, {"patterns": read}, exclude)
        return self


@Language.factory(
    "trialsift",
    default_config={"labels": None, "spans_key": SPANS_KEY, "patterns": None, "extra_patterns": None},
    assigns=["doc.spans", f"doc._.{FACTS}", f"doc._.{REGIMENS}", f"span._.{FACT}"],
)
class TrialsiftComponent(_WithPatterns):
    """Finds facts and regimens. `labels` limits it to these labels, `spans_key` names the span group that it writes,
    `patterns` is a folder of rules in place of the shipped ones, `extra_patterns` are folders laid over it, in order.

    Raises PatternError for rules that can't be used, ComponentError where an extension's name is taken or a second
    one is added to a pipeline.
    """

    def __init__(
        self,
        nlp: Language,
        name: str = "trialsift",
        labels: list[str] | None = None,
        spans_key: str = SPANS_KEY,
        patterns: str | None = None,
        extra_patterns: list[str] | None = None,
    ) -> None:
        _no_second(nlp, "trialsift", name)
        self.name, self.spans_key = name, spans_key
        self._labels = None if labels is None else frozenset(labels)
        self._extractor: Extractor | None = None
        super().__init__(patterns, extra_patterns)

    def _build(self, rules: Patterns) -> None:
        from .extraction import Extractor

        self._extractor = Extractor(rules, self._labels, context=False)
        _OWN_COLOURS.update({label.label: label.colour for label in self._extractor.engines.labels})

    def __call__(self, doc: Doc) -> Doc:
        """Writes spans and facts; a group of the same name is replaced."""
        if self._extractor is None:
            raise self._missing or PatternError(f"{self.name}: no rules")
        write_annotation(doc, self._extractor.annotate(text_of(doc)), self.spans_key)
        return doc


@Language.factory(
    "trialsift_context",
    default_config={"patterns": None, "extra_patterns": None},
    requires=[f"doc._.{FACTS}"],
    assigns=[f"doc._.{FACTS}", f"doc._.{REGIMENS}"],
)
class ContextComponent(_WithPatterns):
    """Sets `negated` and `historical` on the facts of a Doc, with medspaCy's ConText; comes after `trialsift`.

    `patterns` is a folder with a `context.json` and a `background.toml` in place of the shipped ones, `extra_patterns`
    are folders laid over it. Raises PatternError for rules that can't be used, ComponentError where an extension's name
    is taken.
    """

    def __init__(
        self,
        nlp: Language,
        name: str = "trialsift_context",
        patterns: str | None = None,
        extra_patterns: list[str] | None = None,
    ) -> None:
        self.name = name
        self._context: Context | None = None
        super().__init__(patterns, extra_patterns)

    def _wants(self, path: Path) -> bool:
        return path.name in ("context.json", "background.toml")

    def _build(self, rules: Patterns) -> None:
        from .context import Context

        self._context = Context(rules)

    def __call__(self, doc: Doc) -> Doc:
        """Raises ComponentError for a Doc that `trialsift` has not seen."""
        if self._context is None:
            raise self._missing or PatternError(f"{self.name}: no rules")
        if FACTS not in doc.user_data:
            raise ComponentError(f"{self.name} has no facts to work on: add trialsift to the pipeline, in front of it")
        if doc.user_data[FACTS]:
            found = _facts_with_contexts(doc)
            after = self._context.assert_facts(text_of(doc), found)
            if any(fact is not before for (fact, _), (before, _) in zip(after, found, strict=True)):
                doc.user_data[FACTS] = list(starmap(_flat_fact, after))
        return doc


def _colours() -> dict[str, str]:
    """Colours of the labels in displaCy, by the files of the labels; those of own rules once a component has them."""
    tables = [read_toml(path) for path in label_files(patterns_dir())]
    return {**{table["label"]: table["colour"] for table in tables}, **_OWN_COLOURS}


def __getattr__(name: str) -> dict[str, str]:
    if name == "DISPLACY_COLORS":  # read when displaCy asks for it
        return _colours()
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
