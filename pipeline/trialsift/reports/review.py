"""Renders `review.html`: the queue of a run, item by item with its text, to be settled with the keyboard.

In: data as plain JSON (runs/review/page.py makes it). Out: one HTML page, which keeps what is decided in the browser
and exports it as JSON Lines.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from trialsift.model.version import __version__
from trialsift.reports.page import render


def render_review(title: str, data: Mapping[str, Any], total: int) -> str:
    """Renders the page of these items, the first of `total` in the queue of the run called `title`."""
    items = data["items"]
    return render(
        "review.html.j2",
        styles=("base.css", "parts.css", "review.css"),
        scripts=("base.js", "parts.js", "review-values.js", "review-store.js", "review.js"),
        version=__version__,
        title=title,
        total=total,
        shown=len(items),
        n_documents=len(data["documents"]),
        labels=sorted({item["label"] for item in items if item["label"]}),
        names=sorted({item["name"] for item in items if item["name"]}),
        reasons=data["reasons"],
        conditions=sorted({one for each in data["documents"] for one in (each["conditions"] or "").split("; ") if one}),
        choices=data["listed"],
        all_labels=list(data["colours"]),
        data=data,
    )
