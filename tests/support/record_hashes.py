"""Records what the annotations of the corpora hash to now, and says which documents have changed since.

    python -m tests.support.record_hashes

Corpora that are not there keep what was recorded of them (see TRIALSIFT_CORPORA in CONTRIBUTING.md).
"""

from __future__ import annotations

import json

from tests.support.annotation_hashes import (
    OWN,
    OWN_FILES,
    RECORDED,
    SHARED_FILES,
    changed,
    hashes_of,
    recorded,
    shared_folder,
)
from trialsift.extraction.extractor import Extractor

_SHOWN = 20


def main() -> None:
    """Writes the file of hashes."""
    hashes, extractor = recorded(), Extractor()
    paths = [*(OWN / name for name in OWN_FILES), *(shared_folder() / name for name in SHARED_FILES)]
    for path in paths:
        if not path.is_file():
            print(f"{path.name}: not there, kept as it was")
            continue
        now, before = hashes_of(path, extractor), hashes.get(path.name)
        if before is None:
            print(f"{path.name}: new, {len(now.documents):,} documents")
        elif before != now:
            which = changed(path, before, now)
            more = f" and {len(which) - _SHOWN:,} more" if len(which) > _SHOWN else ""
            print(f"{path.name}: {len(which):,} documents changed: {', '.join(which[:_SHOWN])}{more}")
        else:
            print(f"{path.name}: as it was")
        hashes[path.name] = now
    written = {name: hashes[name].to_json() for name in sorted(hashes)}
    RECORDED.write_text(json.dumps(written, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
