"""The factories `trialsift` and `trialsift_context` for any spaCy pipeline.

Facts are found in `doc.text`, so they don't depend on the tokenizer; doc_annotation.py describes the annotated Doc, and
evaluation/spacy_scorer.py how `nlp.evaluate` scores it. A pipeline may have several components if their spans keys
differ. spaCy imports this module with every pipeline wherever trialsift is installed, so it imports little and
registers no extension.
"""

# No `from __future__ import annotations` here: spaCy reads the types of a factory's arguments at run time.
from abc import abstractmethod
from collections.abc import Callable, Iterable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Self

import srsly  # type: ignore[import-untyped]
from spacy import util
from spacy.language import Language
from spacy.tokens import Doc
from spacy.training import Example

from trialsift.model.fact import Annotation
from trialsift.rules.files import (
    PatternError,
    find_patterns,
    patterns_dir,
    raising_pattern_errors,
    read_pattern,
    read_toml,
)
from trialsift.rules.layers import WORDING, Patterns, label_files
from trialsift.spacy_pipeline.doc_annotation import (
    CONFIDENCE,
    FACT,
    FACTS,
    REGIMENS,
    SPANS_KEY,
    ComponentError,
    annotation_of,
    make_facts_key,
    read_facts,
    write_annotation,
    write_ents,
    write_facts,
    write_unread,
)
from trialsift.spacy_pipeline.doc_annotation import register_extensions as _register_annotation
from trialsift.spacy_pipeline.requirements import require_trialsift
from trialsift.spacy_pipeline.scores import DEFAULT_SCORE_WEIGHTS, SCORER, Scores

if TYPE_CHECKING:
    from trialsift.extraction.assertion.context import Context
    from trialsift.extraction.extractor import Extractor

__all__ = [
    "ComponentError",
    "ContextComponent",
    "TrialsiftComponent",
    "annotation_of",
    "register_extensions",
]

_CONTEXT_FILES = frozenset(
    {"analytes.csv", "background.toml", "context.json", "drug_doses.csv", "exceptions.toml", "words.toml"}
)
EXTRA = "extra_patterns"  # where a saved component holds the rules laid over others

_OWN_COLOURS: dict[str, str] = {}  # of the labels of all components


def _rate_doc(doc: Doc) -> dict[str, list[float]]:
    from trialsift.extraction.confidence import read_rater  # takes time, and few ask for it

    return read_rater(patterns_dir()).rate(doc.text, annotation_of(doc)).to_record()


def register_extensions() -> None:
    """Registers the extensions. Raises ComponentError if another package uses one of their names."""
    _register_annotation((Doc, CONFIDENCE, _rate_doc))


# -- components -------------------------------------------------------------------------------------------------


class _WithPatterns:
    """A component that saves its rules, so that a saved pipeline gives the same results after an upgrade."""

    def __init__(self, patterns: str | None, extra_patterns: list[str] | None) -> None:
        register_extensions()
        self._files: dict[str, str] = {}
        self._missing: PatternError | None = None
        try:
            rules = find_patterns(patterns, extra_patterns or ())
        except PatternError as error:
            self._missing = error  # raised at first use, unless a saved pipeline brings its rules with from_disk
            return
        with raising_pattern_errors(rules):
            self._build(rules)  # first, since it reports unreadable rules
        for number, folder in enumerate(rules.layers):
            below = f"{EXTRA}/{number}/" if number else ""
            for path in sorted(folder.rglob("*")):
                if path.is_file() and not path.name.startswith(".") and self._wants(path):
                    self._files[below + path.relative_to(folder).as_posix()] = read_pattern(path)

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_extractor": None, "_context": None}  # rebuilt later: they hold caches

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
            layers = sorted((folder / EXTRA).glob("*"), key=lambda layer: int(layer.name))
            rules = Patterns(folder, tuple(layers))
            with raising_pattern_errors(rules):
                self._build(rules)
        self._files, self._missing = files, None

    def _check_rules(self) -> None:
        if self._missing is not None:
            raise self._missing

    def to_bytes(self, *, exclude: Iterable[str] = ()) -> bytes:
        """Returns the rules as bytes. Raises PatternError if there are none."""
        self._check_rules()
        return util.to_bytes({"patterns": lambda: srsly.msgpack_dumps(self._files)}, exclude)

    def from_bytes(self, data: bytes, *, exclude: Iterable[str] = ()) -> Self:
        """Loads the rules from `to_bytes`. Raises PatternError if they are unusable."""
        util.from_bytes(data, {"patterns": lambda b: self._set_files(srsly.msgpack_loads(b))}, exclude)
        return self

    def to_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> None:
        """Writes the rule files below `path`. Raises PatternError if there are none."""
        self._check_rules()

        def write(folder: Path) -> None:
            for relative, content in self._files.items():
                (folder / relative).parent.mkdir(parents=True, exist_ok=True)
                (folder / relative).write_text(content, encoding="utf-8", newline="")

        util.to_disk(path, {"patterns": write}, exclude)

    def from_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> Self:
        """Loads the rules from `to_disk`. Raises PatternError if they are unusable."""

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


def _check_spans_key(nlp: Language, name: str, spans_key: str) -> None:
    """Raises ComponentError if another component of the pipeline writes to the same spans key."""
    for other in nlp.component_names:
        pipe = nlp.get_pipe(other)
        if other != name and isinstance(pipe, TrialsiftComponent) and pipe.spans_key == spans_key:
            raise ComponentError(
                f"{name!r} would write what {other!r} writes in this pipeline: both have the spans key {spans_key!r}; "
                f"give one of them another in its config, or remove the other with nlp.remove_pipe({other!r})"
            )


@Language.factory(
    "trialsift",
    default_config={
        "labels": None,
        "spans_key": SPANS_KEY,
        "patterns": None,
        "extra_patterns": None,
        "annotate_ents": False,
        "unread": False,
        "scorer": {"@scorers": SCORER},
    },
    assigns=["doc.spans", f"doc._.{FACTS}", f"doc._.{REGIMENS}", f"span._.{FACT}"],
    default_score_weights=DEFAULT_SCORE_WEIGHTS,
)
class TrialsiftComponent(_WithPatterns):
    """Finds facts and regimens.

    `labels` limits it to these labels. `spans_key` names its span group and facts. `patterns` is a folder of rules that
    replaces the shipped one, `extra_patterns` are folders laid over it, in order. `annotate_ents` adds the spans to
    doc.ents where they don't overlap an entity. `unread` adds the span group `{spans_key}_unread` of numbers that no
    rule took although they may be facts, and takes two to three times as long. `scorer` is called by `nlp.evaluate`.

    Raises PatternError for unusable rules (for a missing folder only at first use, since a saved pipeline brings its
    own rules), and ComponentError if an extension's name is taken or another component has the same spans key.
    """

    def __init__(
        self,
        nlp: Language,
        name: str = "trialsift",
        labels: list[str] | None = None,
        spans_key: str = SPANS_KEY,
        patterns: str | None = None,
        extra_patterns: list[str] | None = None,
        annotate_ents: bool = False,
        unread: bool = False,
        scorer: Callable[..., Scores] | None = None,
    ) -> None:
        _check_spans_key(nlp, name, spans_key)
        require_trialsift(nlp)
        self.name, self.spans_key, self.annotate_ents, self.scorer = name, spans_key, annotate_ents, scorer
        self.unread, self._labels = unread, None if labels is None else frozenset(labels)
        self._extractor: Extractor | None = None
        super().__init__(patterns, extra_patterns)

    def _build(self, rules: Patterns) -> None:
        from trialsift.extraction.extractor import Extractor

        self._extractor = Extractor(rules, self._labels, context=False)
        _OWN_COLOURS.update({label.label: label.colour for label in self._extractor.engines.labels})

    def __call__(self, doc: Doc) -> Doc:
        """Writes facts and spans to a Doc; a span group of the same name is replaced."""
        if self._extractor is None:
            raise self._missing or PatternError(f"{self.name}: no rules")
        annotation = self._annotate(doc.text, self._extractor)
        write_annotation(doc, annotation, self.spans_key)
        if annotation.numbers is not None:
            write_unread(doc, annotation.numbers.unread, self.spans_key)
        if self.annotate_ents:
            write_ents(doc, self.spans_key)
        return doc

    def _annotate(self, text: str, extractor: "Extractor") -> Annotation:
        """Reads a text, with the numbers that no rule took where they are asked for."""
        if not self.unread:
            return extractor.annotate(text)
        from trialsift.extraction.explain import NumberAnnotator

        return NumberAnnotator(extractor).annotate(text)

    def score(self, examples: Iterable[Example], **kwargs: Any) -> Scores:
        """Scores the facts under this spans key and of this component's labels, for `nlp.evaluate`."""
        if self.scorer is None:
            return {}
        labels = self._labels if self._extractor is None else self._extractor.engines.wanted
        return self.scorer(examples, spans_key=self.spans_key, labels=labels)


@Language.factory(
    "trialsift_context",
    default_config={"spans_key": SPANS_KEY, "patterns": None, "extra_patterns": None},
    requires=[f"doc._.{FACTS}"],
    assigns=[f"doc._.{FACTS}", f"doc._.{REGIMENS}"],
)
class ContextComponent(_WithPatterns):
    """Sets `negated` and `historical` on the facts of a Doc with medspaCy's ConText; comes after `trialsift`.

    `spans_key` is that of the `trialsift` component. `patterns` is a folder with a `context.json`, a `background.toml`
    and an `exceptions.toml` that replace the shipped ones, `extra_patterns` are folders laid over it. Raises
    PatternError for unusable rules, and ComponentError if an extension's name is taken.
    """

    def __init__(
        self,
        nlp: Language,
        name: str = "trialsift_context",
        spans_key: str = SPANS_KEY,
        patterns: str | None = None,
        extra_patterns: list[str] | None = None,
    ) -> None:
        require_trialsift(nlp)
        self.name, self.spans_key = name, spans_key
        self._context: Context | None = None
        super().__init__(patterns, extra_patterns)

    def _wants(self, path: Path) -> bool:
        return path.name in _CONTEXT_FILES or path.parent.name == WORDING

    def _build(self, rules: Patterns) -> None:
        from trialsift.extraction.assertion.context import Context
        from trialsift.spacy_pipeline.medspacy_context import MedspacyContext

        self._context = Context(rules, MedspacyContext)

    def __call__(self, doc: Doc) -> Doc:
        """Sets the attributes. Raises ComponentError for a Doc without facts from `trialsift`."""
        if self._context is None:
            raise self._missing or PatternError(f"{self.name}: no rules")
        if make_facts_key(self.spans_key) not in doc.user_data:
            raise ComponentError(
                f"{self.name} has no facts to work on: add trialsift to the pipeline, in front of it, "
                f"with the spans key {self.spans_key!r}"
            )
        found = read_facts(doc, self.spans_key)
        if found:
            after = self._context.assert_facts(doc.text, found)
            if any(fact is not before for (fact, _), (before, _) in zip(after, found, strict=True)):
                write_facts(doc, after, self.spans_key)
        return doc


def _list_colours() -> dict[str, str]:
    """Lists displaCy's colours: those of the shipped labels, and those of the labels of any component."""
    tables = [read_toml(path) for path in label_files(patterns_dir())]
    return {**{table["label"]: table["colour"] for table in tables}, **_OWN_COLOURS}


def __getattr__(name: str) -> dict[str, str]:
    if name == "DISPLACY_COLORS":  # computed when displaCy asks for it
        return _list_colours()
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
