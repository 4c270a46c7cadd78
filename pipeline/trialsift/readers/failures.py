"""Why an input gives no document: stable codes, so that scripts can tell failures apart."""

from __future__ import annotations

from collections.abc import Mapping

#: Every code in errors.csv, and what it means. Codes are only ever added.
CODES: Mapping[str, str] = {
    "empty": "holds nothing, or nothing but white space",
    "binary": "holds bytes that no text has",
    "encoding": "is text in an encoding that can't be told with certainty",
    "malformed": "breaks off or breaks the rules of its format",
    "wrong_schema": "is well-formed, but lacks what is expected in it, such as a column",
    "truncated": "is compressed, and its end is missing",
    "damaged": "is compressed or packed, and can't be unpacked",
    "encrypted": "needs a password",
    "no_text_layer": "is a PDF of pictures: it has to go through text recognition first",
    "too_large": "is larger than a limit allows",
    "expands_too_far": "is compressed, and becomes larger than a limit allows",
    "forbidden": "asks for what is never done: an external entity, a path outside of its archive",
    "unreadable": "can't be opened or read: permission, a disk",
    "not_a_file": "is a folder, a pipe or a device where a file is expected",
    "link_loop": "is a link that leads to itself",
    "bad_name": "has a name that can't be a doc_id: control characters, no UTF-8",
    "duplicate_id": "has the doc_id of a document that came before",
    "missing_library": "needs a library that is not installed",
    "worker_died": "ended the process that read it, also when nothing else was read there",
    "internal": "made trialsift stumble: please report it",
}


class ReadFailure(Exception):
    """An input, or a record in one, that gives no document; the others of a run still do.

    `place` is the input as messages name it, `record` the place in it (`line 12`, `NCT…`; empty for the whole), `code`
    one of `CODES`, `message` what is wrong, `advice` what to do.
    """

    def __init__(self, place: str, code: str, message: str, advice: str, record: str = "") -> None:
        if code not in CODES:
            raise ValueError(f"{code!r} is no code of a failure")
        super().__init__(f"{place}{', ' if record else ''}{record}: {message}; {advice}")
        self.place, self.record, self.code, self.message, self.advice = place, record, code, message, advice

    @staticmethod
    def of_name(place: str) -> ReadFailure:
        """Returns the failure of a file whose name cannot be a doc_id."""
        message = "has a name with characters that can't be shown, and the name is the document's doc_id"
        return ReadFailure(place, "bad_name", message, "rename it")

    def __reduce__(self) -> tuple[type[ReadFailure], tuple[str, ...]]:
        return ReadFailure, (self.place, self.code, self.message, self.advice, self.record)
