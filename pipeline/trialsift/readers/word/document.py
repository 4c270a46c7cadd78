"""Files of Word: headings, paragraphs, lists and tables as mammoth's HTML, read line by line like a page.

Deleted text and comments are left out, inserted text is kept. mammoth leaves out equations, so `equations.py` writes
them as text first. Nothing is unpacked to disk or fetched.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator

from trialsift.model.document import Document
from trialsift.model.extras import format_install_command
from trialsift.readers.failures import ReadFailure
from trialsift.readers.html.lines import read_markup
from trialsift.readers.inputs import MEGABYTE, Input, ReadOptions
from trialsift.readers.word.equations import write_equations

#: The part that holds the text.
BODY = "word/document.xml"
_OLE = b"\xd0\xcf\x11\xe0"  # of .doc, and of a .docx with a password
_STYLES = "p[style-name='Title'] => h1:fresh\nr[style-name='Footnote Reference'] => sup"


def read_docx(item: Input, options: ReadOptions) -> Iterator[Document | ReadFailure]:
    """Iterates over the one document of a file of Word. Raises ReadFailure if it can't be read or holds no text."""
    data = item.read(options.max_document)
    if data.startswith(_OLE):
        message = "is a file of Word before 2007, or locked with a password"
        raise item.failure("encrypted", message, "save it as .docx without a password")
    markup = _convert(item, _rewrite(item, data, options.max_expanded))
    text = "\n".join(read_markup(markup)).strip("\n")
    if not any(map(str.isalnum, text)):
        raise item.failure("empty", "is a file of Word without text", "leave it out")
    yield item.document(item.stem, text + "\n")


def _rewrite(item: Input, data: bytes, most: int) -> io.BytesIO:
    """Returns the archive with its equations as text. Raises ReadFailure for one that is no file of Word."""
    written = io.BytesIO()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive, zipfile.ZipFile(written, "w") as copy:
            parts = [info for info in archive.infolist() if not info.filename.startswith("word/media/")]
            if sum(info.file_size for info in parts) > most:
                message = f"becomes more than {most / MEGABYTE:,.0f} MB"
                raise item.failure("expands_too_far", message, "leave it out, or raise --max-expanded-mb")
            if BODY not in {info.filename for info in parts}:
                raise item.failure("wrong_schema", f"is no file of Word: it lacks {BODY}", "save it as .docx")
            for info in parts:
                content = archive.read(info)
                if info.filename.endswith((".xml", ".rels")) and b"<!DOCTYPE" in content:
                    raise item.failure("forbidden", "holds XML with a document type", "save it again with Word")
                copy.writestr(info.filename, write_equations(content) if info.filename == BODY else content)
    except ReadFailure:
        raise
    except Exception as error:  # a damaged archive makes the library raise errors of many kinds
        raise item.failure("damaged", f"can't be opened as a file of Word ({error})", "save it again") from error
    return written


def _convert(item: Input, archive: io.BytesIO) -> str:
    try:
        import mammoth
    except ImportError as error:
        raise item.failure(
            "missing_library", "is a file of Word, and mammoth is not installed", format_install_command("docx")
        ) from error
    try:
        result = mammoth.convert_to_html(archive, style_map=_STYLES, convert_image=mammoth.images.img_element(_drop))
    except Exception as error:  # mammoth names no errors of its own
        raise item.failure("damaged", f"can't be read as a file of Word ({error})", "save it again") from error
    return str(result.value)


def _drop(_: object) -> dict[str, str]:
    """Leaves a picture out."""
    return {}
