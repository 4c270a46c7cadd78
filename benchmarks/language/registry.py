"""The list of constructs. Each writes its sentences with gold, the same for a seed.

    @construct("lab/comparator, symbol", owner="quantities")
    def write_symbols(draw: Random) -> Iterator[Sentence]: ...

`kind` is that of CheckList (Ribeiro et al. 2020, doi 10.18653/v1/2020.acl-main.442): `minimum` (a construct alone),
`pair` (two at once), `invariance` (a change that changes nothing), `direction` (a change that must change the fact) and
`counter` (a number that is no fact).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random

from benchmarks.language.sentences import Sentence

Writer = Callable[[Random], Iterator[Sentence]]


@dataclass(frozen=True, slots=True)
class Construct:
    """One row of the table. `owner`: the package of `extraction/` that reads it.

    `attributes` have to be right too, such as `polarity` where a heading is under test.
    """

    name: str
    owner: str
    kind: str
    write: Writer
    attributes: tuple[str, ...] = ()


CONSTRUCTS: dict[str, Construct] = {}


def construct(
    name: str, owner: str, kind: str = "minimum", attributes: tuple[str, ...] = ()
) -> Callable[[Writer], Writer]:
    """Registers a writer of sentences under a name."""

    def register(write: Writer) -> Writer:
        if name in CONSTRUCTS:
            raise ValueError(f"two constructs are called {name!r}")
        CONSTRUCTS[name] = Construct(name, owner, kind, write, attributes)
        return write

    return register
