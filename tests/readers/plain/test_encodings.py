import pytest

from tests.readers.builders import documents, only_failure, results
from trialsift.model.document import Document
from trialsift.readers import ReadOptions

ENGLISH = "The age of the patients is at least 18 years, and they have no heart disease.\n"


def _note(data: bytes, name: str = "a.txt", options: ReadOptions | None = None) -> tuple[str, str | None]:
    [source] = results(data, name, options or ReadOptions())
    assert isinstance(source, Document), str(source)
    return source.text, source.notes.get("encoding")


@pytest.mark.parametrize(
    "sentence",
    [
        "Aged 18–65 years.",
        "Creatinine of 150 µmol/l.",
        "Platelets above 100 × 10³/µL, BMI below 30 kg/m².",
        "Neutrophils of 1500/mm³.",
        "Treatment-naïve patients only.",
        "The patient’s consent; participants don’t smoke.",
        "A “performance status” of 0…",
        "• Signed consent",
        "Behçet and Ménière disease, Guillain–Barré syndrome.",
        "Above 38.5 °C, 60 Gy ± 5 %.",
        "Age\xa018 or older.",
    ],
)
def test_what_english_texts_are_written_with_is_told(sentence: str) -> None:
    text = ENGLISH * 3 + sentence + "\n"
    assert _note(text.encode("cp1252")) == (text, "cp1252")


def test_macintosh_is_told_from_windows() -> None:
    text = ENGLISH * 3 + "• A “performance status” of 0, and the patient’s age ≥ 18.\n"
    assert _note(text.encode("mac-roman")) == (text, "mac-roman")


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Gdańsk, Poznań.\n", "cp1250"),
        ("La niña señaló la España.\n", "cp1252"),
        ("Ève était là, très âgée.\n", "latin-1"),
        ("тромбоциты более ста тысяч\n", "koi8-r"),
    ],
)
def test_what_can_be_read_in_two_ways_is_not_guessed(text: str, encoding: str) -> None:
    failure = only_failure(results((text * 9).encode(encoding), "a.txt"))
    assert failure.code == "encoding"
    assert "byte 0x" in failure.message
    assert "in line 1" in failure.message


def test_the_readings_are_shown() -> None:
    failure = only_failure(results(("The patients and the age of them: piñata.\n" * 3).encode("cp1252"), "a.txt"))
    assert "'piñata.' as cp1252" in failure.message
    assert "'pińata.' as cp1250" in failure.message
    assert "--encoding cp1252" in failure.advice


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32", "utf-8-sig"])
@pytest.mark.parametrize("name", ["a.txt", "a.jsonl", "a.csv"])
def test_byte_order_marks(encoding: str, name: str) -> None:
    content = {"a.txt": "≥ 18", "a.jsonl": '{"doc_id": "a", "text": "≥ 18"}\n', "a.csv": "doc_id,text\r\na,≥ 18\r\n"}
    assert _note(content[name].encode(encoding), name) == ("≥ 18", None if "8" in encoding else encoding)


def test_utf_16_without_a_mark() -> None:
    assert _note(ENGLISH.encode("utf-16-le")) == (ENGLISH, "utf-16-le")
    assert _note(ENGLISH.encode("utf-16-be")) == (ENGLISH, "utf-16-be")


@pytest.mark.parametrize("data", ["患者は十八歳".encode("utf-16-le"), b"a\0b\0\1\0c\0" * 9, b"\0" * 8])
def test_nul_bytes_that_are_no_utf_16(data: bytes) -> None:
    assert only_failure(results(data, "a.txt")).code in {"binary", "encoding"}


@pytest.mark.parametrize("name", ["a.txt", "a.jsonl", "a.csv"])
def test_a_stated_encoding_is_used(name: str) -> None:
    content = {"a.txt": "señal", "a.jsonl": '{"doc_id": "a", "text": "señal"}\n', "a.csv": "doc_id,text\na,señal\n"}
    options = ReadOptions(encoding="latin1")
    assert _note(content[name].encode("latin-1"), name, options) == ("señal", "iso8859-1")


@pytest.mark.parametrize("name", ["a.txt", "a.jsonl", "a.csv"])
def test_a_stated_encoding_is_no_wish(name: str) -> None:
    failure = only_failure(results(b"Age\na\xe9", name, ReadOptions(encoding="utf-8")) if name == "a.txt" else
                           results(b"\xe9" * 3, name, ReadOptions(encoding="ascii")))  # fmt: skip
    assert (failure.code, "byte 0xe9" in failure.message) == ("encoding", True)


def test_the_encoding_of_json_lines_is_told_from_the_whole_file() -> None:
    lines = [f'{{"doc_id": "{n}", "text": "{ENGLISH.strip()}"}}' for n in range(3)]
    lines += ['{"doc_id": "x", "text": "The patient’s age: 18–65 years."}', '{"doc_id": "y", "text": "naïve"}']
    found = results("\n".join(lines).encode("cp1252"), "a.jsonl")
    assert documents(found)["y"] == "naïve"
    assert [dict(source.notes) for source in found if isinstance(source, Document)] == [{}] * 3 + [
        {"encoding": "cp1252"}
    ] * 2


@pytest.mark.parametrize("ending", ["jsonl", "csv"])
def test_a_line_of_another_encoding_among_utf_8_fails_alone(ending: str) -> None:
    if ending == "jsonl":
        lines = [
            f'{{"doc_id": "{n}", "text": "{text}"}}'.encode() for n, text in (("a", "≥ 18"), ("b", "x"), ("c", "≥"))
        ]
    else:
        lines = [b"doc_id,text", "a,≥ 18".encode(), b"b,x", "c,≥".encode()]
    lines[-2] = lines[-2].replace(b"x", b"na\xefve")
    good, failure, other = results(b"\n".join(lines), f"a.{ending}")
    assert documents([good, other]) == {"a": "≥ 18", "c": "≥"}
    only = only_failure([failure])
    assert (only.code, only.record) == ("encoding", f"line {len(lines) - 1}")
    assert "byte 0xef" in only.message
