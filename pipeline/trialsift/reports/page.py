"""Renders a page as one file: template, styles and scripts, with a policy that lets a browser run nothing else."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jinja2 import Environment

TEMPLATES = Path(__file__).parent / "templates"


def render(template: str, *, styles: Sequence[str] = (), scripts: Sequence[str] = (), **values: Any) -> str:
    """Renders a template of `templates/` with these style sheets and scripts of that folder inlined.

    Inserted values are escaped. The content security policy allows only the page's own scripts, by their hashes, and
    its styles: no other script, no handler in an attribute, no request.
    """
    from markupsafe import Markup

    code = [_read_file(name) for name in scripts]
    return (
        _make_environment()
        .get_template(template)
        .render(
            styles=Markup("\n".join(_read_file(name) for name in styles)),
            scripts=[Markup(script) for script in code],
            policy=_make_policy(code),
            **values,
        )
    )


@cache
def _make_environment() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    from trialsift.model.display import format_rate

    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.policies["json.dumps_kwargs"] = {"ensure_ascii": False, "separators": (",", ":"), "allow_nan": False}
    environment.filters["rate"] = format_rate
    return environment


@cache
def _read_file(name: str) -> str:
    return (TEMPLATES / name).read_text(encoding="utf-8")


def _make_policy(scripts: Sequence[str]) -> str:
    """Returns the page's content security policy; styles may be inline, since plots have style attributes.

    Source of the syntax: Content Security Policy Level 3, W3C, hash-source.
    """
    hashes = [base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in scripts]
    allowed = " ".join(f"'sha256-{each}'" for each in hashes) or "'none'"
    return (
        f"default-src 'none'; script-src {allowed}; style-src 'unsafe-inline'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )
