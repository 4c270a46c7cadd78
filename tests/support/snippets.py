"""The blocks of code in Markdown, run as a reader would run them: page by page, in a folder of their own.

    ```python              run, all of a page in one namespace
    ```sh                  commands, `trialsift …` in this process, others by bash
    ```sql                 asked of the DuckDB file that the page has written
    ```html title="a/b"    a file: written to that path
    ```text                what the block before it prints; a line `…` stands for any lines, seconds may differ

In a comment in front of a block: `<!-- not run: REASON -->`, and `<!-- before: COMMAND -->` for what readers have done
by then. Blocks of other languages and without a title are only shown.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

RUN = frozenset({"python", "sh", "sql"})
BLOCK = re.compile(
    r"(?P<comments>(?:^<!--[^\n]*-->\n)*)^```(?P<language>\w*)(?: title=\"(?P<title>[^\"\n]+)\")?\n"
    r"(?P<body>.*?)^```$(?:\n+^```text\n(?P<output>.*?)^```$)?",
    re.MULTILINE | re.DOTALL,
)
NOT_RUN = re.compile(r"^<!-- not run: (.+?) -->$", re.MULTILINE)
BEFORE = re.compile(r"^<!-- before: (.+?) -->$", re.MULTILINE)
SECONDS = re.compile(r"\b\d+(?:\.\d+)? s\b")
SHELL = frozenset("|&;<>$`*(")


@dataclass(frozen=True, slots=True)
class Block:
    """A block of code, the text block that follows it (None without one), and what its comments say."""

    line: int
    language: str
    title: str | None
    body: str
    output: str | None
    not_run: str | None
    before: tuple[str, ...]


def blocks(markdown: str) -> list[Block]:
    """The blocks of a page, those of output with the block that prints it."""
    return [
        Block(
            markdown.count("\n", 0, match.start("language")) + 1,
            match["language"],
            match["title"],
            match["body"],
            match["output"],
            reason[1] if (reason := NOT_RUN.search(match["comments"])) else None,
            tuple(BEFORE.findall(match["comments"])),
        )
        for match in BLOCK.finditer(markdown)
    ]


def lines(text: str) -> list[str]:
    """A text as outputs are compared: without blanks at the ends of lines, and without the seconds that it took."""
    return [SECONDS.sub("… s", line.rstrip()) for line in text.strip("\n").splitlines()]


def assert_prints(printed: str, shown: str) -> None:
    """Asserts that the output is the one that is shown, in which a line `…` stands for any lines."""
    wanted, found = lines(shown), lines(printed)
    pattern = "".join(r"(?:.*\n)*" if line == "…" else re.escape(line) + r"\n" for line in wanted)
    assert re.fullmatch(pattern, "".join(f"{line}\n" for line in found)), f"{printed}\nis not what is shown:\n{shown}"


@dataclass
class Reader:
    """Somebody who types in what a page says. Works in the current folder."""

    name: str
    namespace: dict[str, Any] = field(default_factory=lambda: {"__name__": "snippet"})

    def run(self, block: Block) -> None:
        """Does what a block says; asserts that it prints what is shown."""
        for command in block.before:
            self.shell(command)
        if block.title is not None:
            path = Path(block.title)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(block.body, encoding="utf-8")
        elif block.language in RUN and block.not_run is None:
            printed = {"python": self.python, "sh": self.shell, "sql": self.sql}[block.language](block.body)
            if block.output is not None:
                assert_prints(printed, block.output)

    def python(self, code: str) -> str:
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(compile(code, self.name, "exec"), self.namespace)
        return printed.getvalue()

    def shell(self, script: str) -> str:
        return "".join(map(self.command, script.replace("\\\n", " ").splitlines()))

    def command(self, line: str) -> str:
        words = shlex.split(line, comments=True)
        if not words:
            return ""
        if words[0] == "trialsift" and not SHELL & set(line):
            return trialsift(words[1:])
        environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
        done = subprocess.run(["bash", "-euc", line], capture_output=True, text=True, timeout=120, env=environment)
        assert done.returncode == 0, f"{line}\n{done.stderr}"
        return done.stdout

    def sql(self, query: str) -> str:
        import duckdb

        (path,) = Path().rglob("*.duckdb")
        with duckdb.connect(str(path), read_only=True) as connection:
            return connection.sql(query).df().to_string(index=False)


def trialsift(arguments: list[str]) -> str:
    """What the command prints. Asserts that all is well."""
    from typer.testing import CliRunner

    from trialsift.cli import app

    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 0, f"trialsift {shlex.join(arguments)}\n{result.output}\n{result.exception!r}"
    return result.stdout
