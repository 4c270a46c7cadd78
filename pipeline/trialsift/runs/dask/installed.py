"""Checks whether the extra `trialsift[dask]` is installed."""

from __future__ import annotations

from importlib.util import find_spec

from trialsift.model.errors import UserError
from trialsift.model.extras import format_install_command


def find_missing() -> list[str]:
    """Returns the libraries of the extra that are not installed."""
    return [name for name in ("dask", "distributed", "fsspec") if find_spec(name) is None]


def check_installed() -> None:
    """Raises UserError unless the extra is installed."""
    if find_missing():
        raise UserError(f"--dask needs Dask: install it with {format_install_command('dask')}")
