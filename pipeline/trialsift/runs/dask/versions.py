"""The versions that must be the same on the driver and all workers, since results depend on them."""

from __future__ import annotations

import socket
import sys
from collections.abc import Mapping
from functools import cache
from importlib.metadata import PackageNotFoundError, version

from trialsift.model.version import __version__

_LIBRARIES = ("spacy", "medspacy", "trafilatura", "pypdfium2", "charset-normalizer")


class VersionMismatch(RuntimeError):
    """The versions of a worker differ from the driver's; the message says which."""


@cache
def find_versions() -> Mapping[str, str | None]:
    """Returns the versions here; None for what is not installed."""
    found: dict[str, str | None] = {"trialsift": __version__, "python": f"{sys.version_info[0]}.{sys.version_info[1]}"}
    for name in _LIBRARIES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = None
    return found


def check_versions(wanted: Mapping[str, str | None]) -> None:
    """Raises VersionMismatch unless the versions here are those of the driver."""
    here = find_versions()
    other = [f"{name} {here[name]} instead of {wanted[name]}" for name in here if here[name] != wanted.get(name)]
    if other:
        raise VersionMismatch(
            f"{socket.gethostname()}: a worker there has {', '.join(other)}; install the same versions in the "
            "environment of all workers"
        )
