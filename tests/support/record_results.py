"""Records the annotations of the corpora as they are now, and prints the facts that came, went and changed.

    python -m tests.support.record_results

Corpora that are not there keep what was recorded of them (see TRIALSIFT_CORPORA in CONTRIBUTING.md).
"""

from __future__ import annotations

import argparse

from tests.support.accepted_results import OWN, OWN_FILES, SHARED_FILES, Accepted, write_results
from tests.support.paths import shared_folder
from trialsift.extraction.extractor import Extractor


def main() -> None:
    """Writes a file for each corpus."""
    argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter).parse_args()
    extractor = Extractor()
    for path in [*(OWN / name for name in OWN_FILES), *(shared_folder() / name for name in SHARED_FILES)]:
        if not path.is_file():
            print(f"{path.name}: not there, kept as it was")
            continue
        accepted = Accepted(path, extractor)
        if accepted.before:
            print(f"{path.name}: {accepted.describe_changes() or 'as it was'}")
        else:
            print(f"{path.name}: new, {len(accepted.now):,} documents")
        write_results(path.name, accepted.now)


if __name__ == "__main__":
    main()
