"""Writes matches as one DuckDB file: `patients`, `matches`, `judgements`, and views for the most frequent questions."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from trialsift.tables.files.duckdb_file import connect, make_table_sql, quote_name, report_lack
from trialsift.tables.files.duckdb_views import View
from trialsift.tables.schema import JUDGEMENTS, MATCHES, PATIENTS

if TYPE_CHECKING:
    import pandas as pd

TABLES = {"patients": PATIENTS, "matches": MATCHES, "judgements": JUDGEMENTS}
_PATIENT = ("patient", "patient", "the patient; key of `patients`")
_TRIAL = (
    ("doc_id", "doc_id", "the trial's document"),
    ("nct_id", "nct_id", "its ClinicalTrials.gov identifier"),
)

VIEWS: tuple[View, ...] = (
    View(
        "eligible",
        "Trials that a patient is eligible for so far, the best one first: `rank` 1",
        (
            _PATIENT,
            (
                "rank",
                "row_number() OVER (PARTITION BY patient ORDER BY n_met DESC, n_unknown, n_open, doc_id)",
                "1 for the trial with the most criteria met, then the fewest that are unknown",
            ),
            *_TRIAL,
            *(
                (name, name, words)
                for name, words in (
                    ("n_met", "how many criteria are met"),
                    ("n_unknown", "how many the patient's data leave unknown"),
                    ("n_open", "how many can't be judged for anybody"),
                    ("unknown", "the criteria that would decide, in words"),
                )
            ),
        ),
        "FROM matches WHERE verdict = 'eligible so far'",
        {},
    ),
    View(
        "refusals",
        "Criteria that refuse patients, a row a criterion: order by n_refused to see which refuses most",
        (
            *((name, f"j.{name}", words) for name, _, words in _TRIAL),
            ("criterion", "j.criterion", "its number in `criteria`; missing for a registry's field"),
            ("members", "j.members", "what meets it, in words"),
            ("n_patients", "count(*)", "patients who were compared"),
            ("n_refused", "count(*) FILTER (j.state = 'not met')", "patients who don't meet it"),
            (
                "n_only",
                "count(*) FILTER (j.state = 'not met' AND m.n_not_met = 1)",
                "those of them who meet all others, as far as is known",
            ),
            ("n_unknown", "count(*) FILTER (j.state = 'unknown')", "patients of whom it isn't known"),
            ("context", "j.context", "the criterion's line"),
        ),
        "FROM judgements j JOIN matches m USING (patient, doc_id) GROUP BY ALL HAVING n_refused > 0",
        {},
    ),
    View(
        "would_decide",
        "What to find out next, a row for each patient and reason: in how many trials it leaves something unknown",
        (
            _PATIENT,
            ("reason", "j.reason", "why criteria are unknown: a result that isn't there, a condition"),
            (
                "n_trials",
                "count(DISTINCT doc_id)",
                "in how many of the trials that they are eligible for so far",
            ),
        ),
        "FROM (SELECT * REPLACE (unnest(string_split(reason, '; ')) AS reason) FROM judgements) j "
        "JOIN matches m USING (patient, doc_id) "
        "WHERE j.state = 'unknown' AND m.verdict = 'eligible so far' GROUP BY ALL",
        {},
    ),
)


@contextmanager
def open_match_tables(path: Path) -> Iterator[Callable[[str, pd.DataFrame], None]]:
    """Yields a function that adds the rows of a frame to a table of a new file, complete when the `with` ends.

    Raises UserError if DuckDB is not installed or can't write.
    """
    from trialsift.tables.files.arrow import convert_frame

    with report_lack(path, "make room, or name a file of another format"), closing(connect(path)) as connection:
        for name, columns in TABLES.items():
            for statement in make_table_sql(name, columns, TABLES):
                connection.execute(statement)

        def add(name: str, frame: pd.DataFrame) -> None:
            connection.register("portion", convert_frame(frame, TABLES[name]))
            connection.execute(f"INSERT INTO {quote_name(name)} SELECT * FROM portion")
            connection.unregister("portion")

        yield add
        for view in VIEWS:
            for statement in view.make_statements():
                connection.execute(statement)
