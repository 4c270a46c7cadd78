"""Files of Word, made part by part."""

from __future__ import annotations

import io
import zipfile

_NAMES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
)
_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
_RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}" '
    'Target="{target}"/></Relationships>'
)
_NUMBERING = (
    f"<w:numbering {_NAMES}>"
    '<w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/></w:lvl></w:abstractNum>'
    '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>'
)


def make_docx(body: str, **changes: str | bytes | None) -> bytes:
    """Makes a file of Word with this body in WordprocessingML; `changes` are parts by name, None leaves one out."""
    parts: dict[str, str | bytes | None] = {
        "[Content_Types].xml": _TYPES,
        "_rels/.rels": _RELATIONS.format(kind="officeDocument", target="word/document.xml"),
        "word/document.xml": f"<w:document {_NAMES}><w:body>{body}</w:body></w:document>",
        "word/_rels/document.xml.rels": _RELATIONS.format(kind="numbering", target="numbering.xml"),
        "word/numbering.xml": _NUMBERING,
        **changes,
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            if content is not None:
                archive.writestr(name, content)
    return out.getvalue()


def paragraph(*runs: str, properties: str = "") -> str:
    """A paragraph of runs; text that is no markup becomes a run of it."""
    inside = "".join(run if run.startswith("<") else text(run) for run in runs)
    return f"<w:p>{f'<w:pPr>{properties}</w:pPr>' if properties else ''}{inside}</w:p>"


def text(words: str, properties: str = "") -> str:
    """A run of text."""
    set_to = f"<w:rPr>{properties}</w:rPr>" if properties else ""
    return f'<w:r>{set_to}<w:t xml:space="preserve">{words}</w:t></w:r>'


def item(*runs: str) -> str:
    """An item of a list with bullets."""
    return paragraph(*runs, properties='<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>')


def raised(words: str) -> str:
    """A superscript."""
    return text(words, '<w:vertAlign w:val="superscript"/>')


def symbol(character: str) -> str:
    """A sign of the font Symbol, as `Insert symbol` stores it."""
    return f'<w:r><w:sym w:font="Symbol" w:char="{character}"/></w:r>'


def equation(inside: str) -> str:
    """An equation within a line."""
    return f"<m:oMath>{inside}</m:oMath>"


def math(words: str) -> str:
    """Text of an equation."""
    return f"<m:r><m:t>{words}</m:t></m:r>"


def power(base: str, exponent: str) -> str:
    """A power in an equation."""
    return f"<m:sSup><m:e>{math(base)}</m:e><m:sup>{math(exponent)}</m:sup></m:sSup>"


def table(*rows: tuple[str, ...]) -> str:
    """A table of one paragraph a cell."""
    lines = ("".join(f"<w:tc>{paragraph(cell)}</w:tc>" for cell in row) for row in rows)
    return f"<w:tbl>{''.join(f'<w:tr>{line}</w:tr>' for line in lines)}</w:tbl>"
