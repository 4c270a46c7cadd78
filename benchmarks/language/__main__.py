"""Tables of what the extractor reads of generated sentences, and of damaged texts.

    python -m benchmarks.language
    python -m benchmarks.language --constructs lab/unit "age/*" --errors
    python -m benchmarks.language --damage --gold corpus/dev.jsonl
    python -m benchmarks.language --damage --constructs "*" --limit 10

`--constructs` and `--damage` take names, or patterns with `*`; `--damage` alone means all kinds. With
`--fail-under 0.99` the exit status is 1 where precision or recall of a construct is lower, with `--damage` where F1 of
a damaged file falls to less than that share of the undamaged.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from fnmatch import fnmatchcase
from pathlib import Path

import benchmarks.language.constructs  # noqa: F401  registers them
from benchmarks.language.damage import DAMAGES
from benchmarks.language.damage_table import format_damage, score_damage, write_damage
from benchmarks.language.registry import CONSTRUCTS, Construct
from benchmarks.language.score import Row, score_construct, write_documents
from benchmarks.language.tables import format_markdown, list_failures, write_tables
from trialsift.gold import GoldError, read_gold, write_gold

#: What is damaged where nothing is named.
CORPUS = Path("corpus/dev.jsonl")


def choose(names: Sequence[str], patterns: Sequence[str], what: str) -> list[str]:
    """Returns the names that fit one of the patterns, all without any. Raises ValueError where none does."""
    chosen = [name for name in names if not patterns or any(fnmatchcase(name, p) for p in patterns)]
    if not chosen:
        raise ValueError(f"no {what} fits {', '.join(patterns)}; expected one of {', '.join(names)}")
    return chosen


def find_failing(rows: Sequence[Row], least: float) -> list[str]:
    """Names the constructs that are below a rate."""
    return [row.construct for row in rows if row.worst < least]


def parse_arguments(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """Reads the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.language", description="Behavioural tests of reading.")
    parser.add_argument(
        "--constructs", nargs="+", default=[], metavar="NAME", help="names of constructs, * for any text"
    )
    parser.add_argument(
        "--damage",
        nargs="*",
        metavar="KIND",
        help="damage gold, or the sentences of --constructs; all kinds without names",
    )
    parser.add_argument("--gold", nargs="+", type=Path, default=[], metavar="FILE", help="gold files to damage")
    parser.add_argument("--errors", action="store_true", help="list failing sentences, one of each form")
    parser.add_argument("--seed", type=int, default=0, help="another seed writes other sentences (default 0)")
    parser.add_argument("--limit", type=int, metavar="N", help="at most N sentences of each construct")
    parser.add_argument("--out", type=Path, metavar="FOLDER", help="write tables (CSV, Markdown) and sentences there")
    parser.add_argument("--fail-under", type=float, metavar="RATE", help="exit status 1 where a construct is lower")
    return parser.parse_args(arguments)


def report_constructs(options: argparse.Namespace) -> list[str]:
    """Prints the table of constructs; returns the failing ones."""
    chosen: list[Construct] = [CONSTRUCTS[name] for name in choose(list(CONSTRUCTS), options.constructs, "construct")]
    rows = [score_construct(row, options.seed, options.limit) for row in chosen]
    print(format_markdown(rows), end="")
    if options.errors:
        print("", *list_failures(rows), sep="\n")
    if options.out:
        write_tables(rows, options.out)
        documents = (d for row in chosen for d in write_documents(row, options.seed, options.limit))
        write_gold(options.out / "sentences.jsonl", documents, overwrite=True)
    return [] if options.fail_under is None else find_failing(rows, options.fail_under)


def report_damage(options: argparse.Namespace) -> list[str]:
    """Prints the table of damage; returns the kinds that cost too much."""
    kinds = choose(list(DAMAGES), options.damage, "damage")
    files = options.gold or ([] if options.constructs else [CORPUS])
    sets = {path.stem: read_gold(path)[: options.limit] for path in files}
    if options.constructs:
        names = choose(list(CONSTRUCTS), options.constructs, "construct")
        sets["sentences"] = [
            d for name in names for d in write_documents(CONSTRUCTS[name], options.seed, options.limit)
        ]
    rows = score_damage(sets, kinds, options.seed)
    print(format_damage(rows), end="")
    if options.out:
        write_damage(rows, options.out)
    if options.fail_under is None:
        return []
    return [row.damage for row in rows if any(f1 < options.fail_under * row.undamaged[n] for n, f1 in row.f1.items())]


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints the tables; returns the exit status."""
    options = parse_arguments(arguments)
    try:
        failing = report_constructs(options) if options.damage is None else report_damage(options)
    except (ValueError, GoldError, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    if failing:
        print(f"below {options.fail_under}: {', '.join(failing)}", file=sys.stderr)
    return 1 if failing else 0


if __name__ == "__main__":
    sys.exit(main())
