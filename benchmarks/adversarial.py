"""Time per byte of texts that are made to be slow, beside normal text.

    python -m benchmarks.adversarial corpus/dev.jsonl
    python -m benchmarks.adversarial FILE.jsonl.gz --limit 300 --all

FILE is JSON Lines with a `text` in each object, gzipped or not; its texts are the normal ones. A family is a text
made of one short piece, repeated up to 100 kB and to 1 MB (`--sizes`). Those that are named may take at most twice the
time per byte of normal text at the larger size, else the exit status is 1. The others (`--all`) are full of numbers and
facts, each of which costs what a fact costs; for them the time per fact is given, and both columns should be alike.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from pathlib import Path

from benchmarks.corpus import read_texts
from trialsift.extraction.extractor import Extractor

MOST = 2.0
SIZES = (100_000, 1_000_000)  # bytes
NAMED = {
    "digits": "7",
    "spaces": " ",
    "opening brackets": "(",
    "1-2-3-…": "1-2-3-4-5-6-7-8-9-",
    "x": "x",
    "ULN": "ULN ",
}
# fmt: off
DENSE = [
    "≥", "\t", "\n", "- \n", "Gy ", "ALT, ", ". ", "1.", "A. ", "or ", "mg/", "\\", "&ge;", "|", "x10", "1,000,",
    "()", "[", "((x) ", "(a (b ", "Inclusion Criteria: ", "Inclusion criteria are ", "Exclusion Criteria:\n", "if ",
    "age ", "1 ", "-", "_", "\r\n", "5\n", "5\nMCG\n", "- 5\n", "18 years\n", "Age:\n", "\n\n", "1 000 ",
    "over above ", "> or ", "no prior ", "et al. ", "the of ", "AB (Ab) ", "platelets (Pl) ", "one ", "one-", "ty ",
    "1. ", "a) ", "5 mg/", "10^", "< ", "18 years ", "Age ≥ 18 years ", "Age ≥ 18 years, ", "aged 18 to 65 years. ",
    "women 18 years or older; ", "2 Gy (1 Gy) ", "5x5 Gy; ", "50 Gy in 25 fractions ", "50 Gy in 25 fractions. ",
    "30 Gy, ", "10, 20 or 30 Gy ", "Smith et al. gave 50 Gy. ", "boost 10 Gy ", "level 1 12 Gy ", "25 fractions ",
    "no prior 50 Gy. ", "≤ 2 x ULN ", "ALT ≤ 2 x ULN ", "ALT, AST ≤ 2 x ULN if ", "hemoglobin ≥ 9 g/dL ",
    "< 4 or > 30 x 109/L ", "ALT > ULN, ", "ECOG 0-1, ", "ECOG PS 0, 1, 2 or ", "0, 1, 2, or ",
    "Karnofsky/Lansky ≥ 50 ", "prednisone 5 mg or ", "5 mg, ", "cisplatin 75 mg/m2 ", "AUC 5 ",
    "no more than 5 mg prednisone. ", "BMI ≥ 30 kg/m2 ", "QTc > 450 msec ", "(1 Gy (", "25 x 2 Gy ", "50 Gy/25 fx; ",
    "5 fx of 7.25 Gy ", "(a) 50 Gy ", "50 Gy vs. 60 Gy ", "randomised to (A) 60 Gy or (B) 50 Gy ", "Arm A: 50 Gy; ",
    "(50 Gy in arm A) ", "the control arm received 50 Gy. ", "BACKGROUND: 50 Gy. ", "ECOG 0-1 ", "Age >= 18 years ",
    "Age: 18-65 years; ", "12-17 years 18-64 years ", "patients over 80 ", "9 g/dL (5.6 mmol/L) ", "Hb ≥ 9; ",
    "one of the following: ALT ≤ 3 x ULN, ", "ALT > ULN or AST > ULN or ", "75 mg/m2 on day 1, ", "vitamin C 60 mg ",
    "mean 5 ± 2 ", "n=5 (5%) ", "1) ALT 2) AST ", "<br>", "&amp;lt;", "â‰¥", "_x000D_", "to ", "not ", "group ", "arm ",
]
# fmt: on


def mixtures(count: int, fragments: list[str], seed: int = 0) -> list[str]:
    """`count` pieces of 2 to 5 fragments each, the same for a seed."""
    chosen = random.Random(seed)
    return ["".join(chosen.choices(fragments, k=chosen.randint(2, 5))) for _ in range(count)]


def measure(extractor: Extractor, text: str) -> tuple[float, int]:
    """CPU seconds that a text takes, and how many facts it has."""
    started = time.process_time()
    facts = len(extractor.annotate(text).facts)
    return time.process_time() - started, facts


def main() -> None:
    """Reads the arguments, measures, prints; exit status 1 where a named family is too slow."""
    parser = argparse.ArgumentParser(description="Time per byte of adversarial texts, beside normal text.")
    parser.add_argument(
        "file", type=Path, metavar="FILE", help="JSON Lines with a text in each object, or that gzipped"
    )
    parser.add_argument("--limit", type=int, default=300, help="normal texts: the first of the file (default 300)")
    parser.add_argument("--all", action="store_true", help="not only the families that are named")
    parser.add_argument("--mixtures", type=int, default=0, metavar="N", help="and N random mixtures of DENSE pieces")
    parser.add_argument("--sizes", type=int, nargs=2, default=SIZES, metavar="BYTES", help="instead of 100 kB and 1 MB")
    arguments = parser.parse_args()
    try:
        texts = read_texts(arguments.file, arguments.limit)
    except (OSError, ValueError, KeyError) as error:
        parser.error(f"{arguments.file}: {error!r}; expected JSON Lines with a text in each object")
    if not texts:
        parser.error(f"{arguments.file}: no documents")
    extractor = Extractor()
    extractor.annotate("No prior chemotherapy with cisplatin 75 mg/m2")  # imports what is imported when it is needed
    size = sum(len(text.encode()) for text in texts)
    rounds = [[measure(extractor, text) for text in texts] for _ in range(3)]
    seconds = min(sum(taken for taken, _ in one) for one in rounds)
    normal, facts = seconds / size, sum(found for _, found in rounds[0])
    each = f", {seconds / facts * 1e6:,.0f} µs a fact" if facts else ""
    print(f"normal text: {normal * 1e6:.2f} µs a byte{each} ({len(texts)} documents)")
    small, large = (f"{size / 1000:g} kB" for size in arguments.sizes)
    print(f"{'family':<34}{small:>9}{large:>9}{'µs a fact':>11}   times the time per byte of normal text")
    pieces = dict(NAMED)
    if arguments.all:
        pieces.update({repr(piece): piece for piece in DENSE})
    pieces.update({repr(piece): piece for piece in mixtures(arguments.mixtures, DENSE)})
    slow = []
    for name, piece in pieces.items():
        ratios, each = [], ""
        for target in arguments.sizes:
            text = piece * (target // len(piece.encode()))
            seconds, facts = measure(extractor, text)
            ratios.append(seconds / len(text.encode()) / normal)
            each = f"{seconds / facts * 1e6:,.0f}" if facts else "-"
        mark = ""
        if name in NAMED and ratios[-1] > MOST:
            slow.append(name)
            mark = f"   above {MOST:g}"
        print(f"{name:<34}{ratios[0]:>9.2f}{ratios[1]:>9.2f}{each:>11}{mark}", flush=True)
    if slow:
        sys.exit(f"more than {MOST:g} times the time per byte of normal text: {', '.join(slow)}")


if __name__ == "__main__":
    main()
