"""`python -m benchmarks FILE.jsonl.gz`: measures, prints tables, writes them to outputs/benchmark.md and .json."""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from pathlib import Path

from benchmarks.contenders import BASE, TITLES
from benchmarks.corpus import Document, Slice, read_documents, slices
from benchmarks.processes import Commands, Scaled, Used, memory, scale, start_up
from benchmarks.report import Measured, machine, markdown, to_json
from benchmarks.rounds import measure
from benchmarks.worker import ROOT, versions


def parser() -> argparse.ArgumentParser:
    """The options."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks", description="How fast trialsift is, beside spaCy's tokenizer and other readers."
    )
    parser.add_argument(
        "files", type=Path, nargs="+", metavar="FILE", help="JSON Lines with a text in each object, or that gzipped"
    )
    parser.add_argument("--rounds", type=int, default=5, help="slices of the documents, each a round (default 5)")
    parser.add_argument("--limit", type=int, help="only so many documents")
    parser.add_argument("--seed", type=int, default=0, help="of the shuffle that makes the slices (default 0)")
    parser.add_argument("--only", nargs="+", choices=list(TITLES), metavar="NAME", help=f"of {', '.join(TITLES)}")
    parser.add_argument(
        "--seconds",
        type=float,
        default=10,
        help="who would take longer in a turn reads fewer documents (default 10)",
    )
    parser.add_argument(
        "--with-python",
        nargs="+",
        default=[],
        metavar="NAME=PYTHON",
        help="a contender that lives in another environment, and its interpreter",
    )
    parser.add_argument("--scale", type=int, nargs="*", default=[], metavar="N", help="and the corpus N times over")
    parser.add_argument("--base", type=int, default=1000, help="documents of the corpus for --scale (default 1000)")
    parser.add_argument("--no-commands", action="store_true", help="leave out start-up, memory and the command")
    parser.add_argument("--out", type=Path, default=ROOT / "outputs" / "benchmark", help="without .md and .json")
    parser.add_argument("--force", action="store_true", help="replace an earlier outcome")
    return parser


def main() -> None:
    """Reads the arguments, measures, prints and writes."""
    options = parser()
    arguments = options.parse_args()
    outcome = [arguments.out.with_name(arguments.out.name + ending) for ending in (".md", ".json")]
    existing = [path for path in outcome if path.exists()]
    if existing and not arguments.force:
        options.error(f"{existing[0]} exists already: name another with --out, or --force to replace it")
    if arguments.rounds < 1 or min([arguments.base, *arguments.scale]) < 1:
        options.error("--rounds, --base and --scale take 1 or more")
    pythons: dict[str, str] = {}
    for given in arguments.with_python:
        library, _, python = given.partition("=")
        of_library = [name for name in TITLES if name.partition("-")[0] == library != BASE]
        if not of_library or not Path(python).is_file():
            options.error(f"--with-python {given}: expected one of {', '.join(TITLES)}, = and a Python")
        pythons.update(dict.fromkeys(of_library, python))
    try:
        documents = read_documents(arguments.files)[: arguments.limit]
    except (OSError, ValueError, KeyError, TypeError) as error:
        options.error(f"{error!r}; expected JSON Lines with a text in each object")
    if len(documents) <= arguments.rounds:
        options.error(f"{len(documents)} documents are too few for {arguments.rounds} rounds and a warm-up")
    names = [name for name in TITLES if name == BASE or not arguments.only or name in arguments.only]
    with tempfile.TemporaryDirectory() as folder:
        try:
            measured = _measured(arguments, documents, names, pythons, Path(folder))
        except RuntimeError as error:  # a process that failed
            sys.exit(str(error))
    text = markdown(measured)
    outcome[0].parent.mkdir(parents=True, exist_ok=True)
    outcome[0].write_text(text, encoding="utf-8")
    outcome[1].write_text(json.dumps(to_json(measured), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    print(f"{text}\nWritten to {outcome[0]} and {outcome[1].name}")


def _measured(
    arguments: argparse.Namespace, documents: list[Document], names: list[str], pythons: dict[str, str], scratch: Path
) -> Measured:
    parts = slices(documents, arguments.rounds + 1, scratch, arguments.seed)
    whole = Slice(tuple(documents), scratch, "whole")
    about = machine()
    used: dict[str, list[Used]] = {}
    peaks: dict[str, float] = {}
    scaled: list[Scaled] = []
    commands: Commands | None = None
    if not arguments.no_commands:  # while this process is small: its own size would count
        used = start_up(scratch, arguments.rounds, _say)
        peaks = memory(names, whole, pythons, 2 * arguments.seconds, scratch, _say)
        commands = Commands(whole, scratch)
    if arguments.scale:
        scaled = scale(documents[: arguments.base], arguments.scale, scratch, _say)
    rounds = measure(
        names,
        parts,
        scratch,
        pythons,
        arguments.seconds,
        _say,
        lambda: None if commands is None else commands.round(_say),
    )
    about["load_after"] = round(os.getloadavg()[0], 2)
    size = sum(len(d.text) for d in documents) / len(documents)
    files = ", ".join(path.name for path in arguments.files)
    texts = f"{files}: {len(documents):,} documents of {size:,.0f} characters on average"
    return Measured(texts, rounds, peaks, used, commands, (len(documents), whole.megabytes), scaled, versions(), about)


def _say(what: str) -> None:
    print(f"  {what}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
