"""Says how to install the libraries of an extra."""

from __future__ import annotations


def format_install_command(extra: str) -> str:
    """Returns the command that installs an extra, for the installed package and for a checkout."""
    return f"`pip install 'trialsift[{extra}]'`, or in a checkout `pip install -e '.[{extra}]'`"
