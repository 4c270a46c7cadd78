"""Whether the extra `trialsift[dask]` is there."""

from __future__ import annotations

from importlib.util import find_spec

from trialsift.errors import UserError


def check_installed() -> None:
    """Raises UserError unless Dask and fsspec can be imported."""
    if any(find_spec(name) is None for name in ("dask", "distributed", "fsspec")):
        raise UserError("--dask needs Dask: install it with `pip install 'trialsift[dask]'`")
