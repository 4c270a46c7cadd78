"""Adds to the site what is not a page in docs/: the changelog, CONTRIBUTING.md, the notebook with its outputs, and the
options of commands and settings of components, from the code. Links work on a code host and on the site."""

from __future__ import annotations

import posixpath
import re
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

DOCS = Path(__file__).resolve().parents[1]
ROOT = DOCS.parent
NOTEBOOK = DOCS / "trials.ipynb"
FROM_ROOT = ("CHANGELOG.md", "CONTRIBUTING.md")
#: Links within the repository, as [text](path#place); or a block of code, in which nothing is a link.
LINK = re.compile(
    r"^```.*?^```$|(!?)\[((?:[^\[\]]|\[[^\]]*\])*)\]\((?!\w+:)([^)#\s]*)(#[^)\s]*)?\)", re.MULTILINE | re.DOTALL
)
#: The one script that the theme would load from elsewhere, and its replacement.
ELSEWHERE, SHIM = "https://unpkg.com/iframe-worker/shim", "assets/javascripts/iframe-worker.js"
MARKER = re.compile(r"^<!-- made here: (\w+) -->$", re.MULTILINE)


def on_files(files: Files, *, config: MkDocsConfig) -> Files:
    """Adds the pages from elsewhere, and the notebook as a page beside its file."""
    for name in FROM_ROOT:
        files.append(File.generated(config, name, abs_src_path=str(ROOT / name)))
    page, pictures = run_notebook(NOTEBOOK)
    files.append(File.generated(config, "trials.md", content=page))
    files.append(File.generated(config, SHIM, content=(DOCS / "site" / "iframe-worker.js").read_bytes()))
    for name, picture in pictures.items():
        files.append(File.generated(config, name, content=picture))
    return files


def on_page_markdown(markdown: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Fills in the parts made from the code, and rewrites links that lead out of docs/."""
    uri = page.file.src_uri
    folder = "." if uri in FROM_ROOT else posixpath.join("docs", posixpath.dirname(uri))
    markdown = MARKER.sub(lambda match: MADE[match[1]](), markdown)

    def link(match: re.Match[str]) -> str:
        picture, text, path, place = match.groups(default="")
        if not path:
            return match[0]
        target = posixpath.normpath(posixpath.join(folder, path))
        if target.startswith("docs/"):
            target = target.removeprefix("docs/")
            target = "trials.md" if target == NOTEBOOK.name and uri != "trials.md" else target
        elif target in FROM_ROOT:
            pass
        elif target == "README.md":
            target, place = "index.md", ""
        else:
            return text  # a file of the repository that is no page
        return f"{picture}[{text}]({posixpath.relpath(target, posixpath.dirname(uri) or '.')}{place})"

    return LINK.sub(link, markdown)


def on_post_page(output: str, *, page: Page, config: MkDocsConfig) -> str:
    """Removes what a browser would fetch from another host."""
    return output.replace(ELSEWHERE, posixpath.relpath(SHIM, posixpath.dirname(page.file.dest_uri) or "."))


def on_post_template(output: str, *, template_name: str, config: MkDocsConfig) -> str:
    """Does the same for the 404 page."""
    return output.replace(ELSEWHERE, SHIM)


def describe_commands() -> str:
    """Returns the help of all commands in Markdown, as typer writes it."""
    import typer
    from typer.cli import get_docs_for_click

    from trialsift.cli import app

    command = typer.main.get_command(app)
    text = get_docs_for_click(obj=command, ctx=typer.Context(command), name="trialsift", title=" ")
    return text.replace("```console\n$ ", "```text\n").partition("\n")[2]


def describe_components() -> str:
    """Returns a table of the factories: what they assign and require, and their settings with defaults."""
    import trialsift

    nlp = trialsift.load()  # has all of them
    rows = []
    for meta in map(nlp.get_pipe_meta, nlp.pipe_names):
        settings = ", ".join(f"`{key}` = `{value!r}`" for key, value in meta.default_config.items()) or "none"
        rows.append(f"| `{meta.factory}` | {settings} | {_codes(meta.assigns)} | {_codes(meta.requires)} |")
    return "\n".join(["| factory | settings and defaults | assigns | requires |", "| --- | --- | --- | --- |", *rows])


def _codes(names: Any) -> str:
    return ", ".join(f"`{name}`" for name in names)


def read_scores() -> str:
    """Returns the scores of the README, from between its marks."""
    return (ROOT / "README.md").read_text(encoding="utf-8").split("<!-- scores -->")[1].split("<!-- /scores -->")[0]


MADE = {"commands": describe_commands, "components": describe_components, "scores": read_scores}


def run_notebook(path: Path) -> tuple[str, dict[str, bytes]]:
    """Runs a notebook; returns it in Markdown, and its pictures by name. Raises CellExecutionError if a cell fails."""
    from base64 import b64decode

    import nbformat
    from nbclient import NotebookClient

    notebook = nbformat.read(path, as_version=4)
    NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(path.parent)}}).execute()
    parts: list[str] = []
    pictures: dict[str, bytes] = {}
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            parts.append(cell.source)
            continue
        parts.append(f"```python\n{cell.source}\n```")
        for output in cell.outputs:
            data = output.get("data", {})
            if "image/png" in data:
                name = f"trials-{len(pictures) + 1}.png"
                pictures[name] = b64decode(data["image/png"])
                parts.append(f"![What the cell above draws]({name})")
            elif "text/html" in data:
                table = re.sub(r"<style.*?</style>|(?<=<table) [^>]*", "", data["text/html"], flags=re.DOTALL)
                parts.append("\n".join(line.strip() for line in table.splitlines() if line.strip()))
            elif text := output.get("text") or data.get("text/plain"):
                parts.append(f"```text\n{text.rstrip()}\n```")
    parts.append(f"The notebook: [{path.name}]({path.name})")
    return "\n\n".join(parts) + "\n", pictures
