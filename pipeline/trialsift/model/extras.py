"""How a user installs the libraries of one of the package's extras."""

from __future__ import annotations


def format_install_command(extra: str) -> str:
    """What to type for an extra, for the installed package and for a checkout, in which pip knows no `trialsift`."""
    return f"`pip install 'trialsift[{extra}]'`, or in a checkout `pip install -e '.[{extra}]'`"
