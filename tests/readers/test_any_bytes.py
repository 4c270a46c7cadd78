"""Whatever bytes stand in a file of whatever name: documents and failures come out, and nothing is raised."""

import gzip
import io
import json
import zipfile
from dataclasses import replace

import pyarrow as pa
import pyarrow.parquet as pq
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.readers.builders import in_memory
from trialsift.model.document import Document
from trialsift.readers import InputFormat, ReadFailure, ReadOptions, read_documents
from trialsift.readers.find import ENDINGS

#: Formats that this module's readers read; those of registries, pages and papers have tests of their own.
NAMES = [
    f"a{e}{gz}" for e in (".txt", ".csv", ".tsv", ".jsonl", ".ndjson", ".parquet", ".zip", "") for gz in ("", ".gz")
]
OTHERS = {"ctgov-json", "ctgov-xml", "html", "pdf", "docx", "aact"}
REGISTRIES: tuple[InputFormat, ...] = (
    "ictrp-xml",
    "ictrp-upload",
    "ictrp-csv",
    "euctr-text",
    "isrctn-xml",
    "ctis-json",
    "pubmed-xml",
    "jats-xml",
    "bioc-json",
)
SMALL = ReadOptions(max_document=2000, max_file=20_000, max_expanded=20_000)


def _parquet() -> bytes:
    out = io.BytesIO()
    pq.write_table(pa.table({"doc_id": ["a", "b"], "text": ["Age 18", "ECOG 0"]}), out)
    return out.getvalue()


def _zip() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in ("a.txt", "b.jsonl", "../c.txt"):
            archive.writestr(name, '{"doc_id": "r", "text": "Age 18"}\n')
    return out.getvalue()


WHOLE = [
    b"Summary\nEudraCT Number: 2098-000901-24\nA. Protocol Information\nE.3 Principal inclusion criteria: Age 18\n" * 2,
    b'[{"isrctn": "1", "trialDescription": {"title": "x"}}, {"ctNumber": "2098-508143-51-01", "authorizedPartI": {}}]',
    b"<allTrials><fullTrial><trial><isrctn>1</isrctn><trialDescription/></trial></fullTrial></allTrials>",
    b"<trials><trial><main><trial_id>RBR-9zzz01</trial_id></main><criteria><inclusion_criteria>Age 18"
    b"</inclusion_criteria></criteria></trial></trials>",
    b"<Trials_downloaded_from_ICTRP><Trial><TrialID>DRKS1</TrialID><Inclusion_Criteria>Age &lt;br&gt; 18"
    b"</Inclusion_Criteria></Trial></Trials_downloaded_from_ICTRP>",
    b'TrialID,Inclusion Criteria\nDRKS1,"Age<br>18"\n',
    b'doc_id,text\na,"Age ""18"""\nb,x\n',
    b'{"doc_id": "a", "text": "Age 18"}\n{"doc_id": 1, "text": "x"}\n',
    json.dumps([{"doc_id": "a", "text": "\u2265 18"}]).encode(),
    "Age\u202818 \u2265 na\u00efve".encode("utf-16"),
    "Patients of the age of 18\u201365, the na\u00efve".encode("cp1252"),
    _parquet(),
    _zip(),
]
PIECES = st.sampled_from(
    [b'"', b",", b"\n", b"\r", b"\0", b"\xff\xfe", b"\xef\xbb\xbf", b"\x1f\x8b\x08", b"PK\x03\x04", b"PAR1", b"{",
     b"[", b"]", b"}", b'{"doc_id": 1, "text": "x"}', b"doc_id,text\n", b"\xe9", b"\x92", b"<!--", b"\x85"]
)  # fmt: skip
ANY = st.binary(max_size=200) | st.lists(PIECES | st.binary(max_size=6), max_size=30).map(b"".join)
STATED = sorted((set(ENDINGS.values()) - OTHERS) | set(REGISTRIES))


@st.composite
def _damaged(draw: st.DrawFn) -> bytes:
    """A good file of which bytes were replaced, taken out or put in; perhaps compressed, before or after that."""
    data = draw(st.sampled_from(WHOLE))
    packed = draw(st.booleans())
    if packed and draw(st.booleans()):
        data = gzip.compress(data)
    for _ in range(draw(st.integers(0, 4))):
        at = draw(st.integers(0, len(data)))
        gone = draw(st.integers(0, 8))
        data = data[:at] + draw(st.binary(max_size=4) | PIECES) + data[at + gone :]
    return gzip.compress(data) if packed and draw(st.booleans()) else data


def _readable(data: bytes, name: str, options: ReadOptions) -> None:
    found = list(read_documents(in_memory(data, name), options))
    assert found
    for item in found:
        if isinstance(item, Document):
            assert item.text.strip()
            assert item.doc_id
            (item.doc_id + item.text).encode()
        else:
            assert isinstance(item, ReadFailure)
            assert item.code != "internal" or "No module named" in item.message, str(item)
            str(item).encode()
            assert item.message
            assert item.advice


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(ANY, st.sampled_from(NAMES))
def test_any_bytes(data: bytes, name: str) -> None:
    _readable(data, name, SMALL)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(_damaged(), st.sampled_from(NAMES))
def test_damaged_files(data: bytes, name: str) -> None:
    _readable(data, name, SMALL)


@settings(max_examples=100, deadline=None)
@given(_damaged(), st.sampled_from(STATED), st.sampled_from([None, "cp1252", "utf-16", "utf-7", "shift_jis"]))
def test_damaged_files_of_a_stated_format(data: bytes, stated: InputFormat, encoding: str | None) -> None:
    _readable(data, "a", replace(SMALL, input_format=stated, encoding=encoding))
