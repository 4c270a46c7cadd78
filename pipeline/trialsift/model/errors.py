"""The exception that commands show to a user without a traceback."""

from __future__ import annotations


class UserError(Exception):
    """A user's mistake, in one clear sentence: which file, where in it, what was expected, what to do.

    The command line prints it as `Error: …` and ends with `exit_code`.
    """

    exit_code = 2
