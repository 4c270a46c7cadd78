"""The JSON of registries, told by the keys of an object; its reader is imported when a record of it comes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Set
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from trialsift.model.document import Document
from trialsift.readers.inputs import Input, InputFormat
from trialsift.readers.registry.nested import iter_values

#: Composes the document of a record at a place in an input; raises ReadFailure for one that has none.
Compose = Callable[[Mapping[str, Any], Input, str], Document]


@dataclass(frozen=True, slots=True)
class Shape:
    """A kind of record. `keys`: sets of keys, one of which a record has; `pages`: the keys that tell an object with
    several records, and the path of keys to them; `entry` names one of them in messages. `reader` is a `Compose`, as
    `module:function`."""

    format: InputFormat
    name: str
    reader: str
    keys: tuple[frozenset[str], ...]
    pages: tuple[tuple[frozenset[str], str], ...] = ()
    entry: str = "record"

    def compose(self, value: Mapping[str, Any], item: Input, where: str) -> Document:
        """Returns the document of a record at `where` in an input. Raises ReadFailure if it has none."""
        module, _, function = self.reader.partition(":")
        found: Compose = getattr(import_module(f"trialsift.readers.registry.{module}"), function)
        return found(value, item, where)


def _keys(*sets: str) -> tuple[frozenset[str], ...]:
    return tuple(frozenset(keys.split()) for keys in sets)


#: In the order in which they are tried.
SHAPES = (
    Shape("ctgov-json", "a study of ClinicalTrials.gov", "ctgov_json:compose_study", _keys("protocolSection"),
          ((frozenset({"studies"}), "studies"),), "study"),
    Shape("ctis-json", "a trial of CTIS", "ctis:compose_trial",
          _keys("ctNumber authorizedApplication", "ctNumber authorizedPartI", "ctNumber ctStatus",
                "ctStatus trialCountries ctrname")),
    Shape("isrctn-json", "a trial of ISRCTN", "isrctn:compose_trial", _keys("isrctn trialDescription")),
    Shape("euctr-json", "a record of EUCTR as ctrdata stores it", "euctr_json:compose_record",
          _keys("a2_eudract_number")),
    Shape("ctgov-v1", "a study of ClinicalTrials.gov's former API", "ctgov_v1:compose_study", _keys("ProtocolSection"),
          ((frozenset({"FullStudiesResponse"}), "FullStudiesResponse.FullStudies.Study"),
           (frozenset({"FullStudy"}), "FullStudy.Study"), (frozenset({"Study"}), "Study")), "study"),
    Shape("cancergov-json", "a trial of cancer.gov", "cancergov:compose_trial",
          _keys("nci_id eligibility", "nci_id nct_id", "dcp_id eligibility nct_id"),
          ((frozenset({"data", "total"}), "data"),)),
    Shape("bioc-json", "a document of BioC", "bioc:compose_document", _keys("id passages"),
          ((frozenset({"documents", "source"}), "documents"),), "document"),
)  # fmt: skip
_OF_FORMAT = {shape.format: shape for shape in SHAPES}


def find_shape(keys: Set[str]) -> Shape | None:
    """Returns the kind of record that an object with these keys is, or holds a list of; None for others."""
    return next(
        (s for s in SHAPES if any(keys >= needed for needed in (*s.keys, *(told for told, _ in s.pages)))), None
    )


def get_shape(format: InputFormat) -> Shape:
    """Returns the kind of record of a format."""
    return _OF_FORMAT[format]


def iter_shaped(value: Mapping[str, Any], shape: Shape, where: str) -> Iterator[tuple[str, Any]]:
    """Iterates over the records in an object of a kind, with their places: itself, or those of the list it holds."""
    for told, path in shape.pages:
        if value.keys() >= told and not any(value.keys() >= keys for keys in shape.keys):
            for number, record in enumerate(iter_values(value, path), start=1):
                yield f"{where}{', ' if where else ''}{shape.entry} {number}", record
            return
    yield where, value
