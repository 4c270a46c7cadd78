"""The numbers of trials, told from each other and from other numbers."""

from __future__ import annotations

import pytest

from trialsift.readers.registry.ids import find_ids, find_other_ids, find_registry, pick_nct_id


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("NCT00912345", ["NCT00912345"]),
        ("RegistrationNCT00912345", ["NCT00912345"]),
        ("nct 00912345; ISRCTN 12345678", ["NCT00912345", "ISRCTN12345678"]),
        ("EUCTR2013-000615-24-BE", ["2013-000615-24"]),
        ("EudraCT: 2013-000615-24/BE and 2013-000615-24", ["2013-000615-24"]),
        ("2023-508143-51-01", ["2023-508143-51"]),
        ("2023-508143-51", ["2023-508143-51"]),
        ("ChiCTR-TRC-12002345, ChiCTR2000029621", ["ChiCTRTRC-12002345", "ChiCTR2000029621"]),
        ("CTRI/2020/04/024773", ["CTRI/2020/04/024773"]),
        ("JPRN-UMIN000012345", ["UMIN000012345"]),
        ("JPRN-jRCTs031190001", ["jRCTs031190001"]),
        ("RBR-4S7GH3", ["RBR-4s7gh3"]),
        ("IRCT138708271460N1", ["IRCT138708271460N1"]),
        ("ACTRN12611000088943 U1111-1119-1317", ["ACTRN12611000088943", "U1111-1119-1317"]),
        ("PMID: 24165173, PMC3910746", ["PMID24165173", "PMC3910746"]),
        ("NCT009123456, 12013-000615-24, 13/EM/0118, Nil known, ELFIN01", []),
        ("tel. 020-7946-0000-12, on 2013-01-06", []),
    ],
)
def test_numbers(text: str, found: list[str]) -> None:
    assert list(find_ids([text, None])) == found


def test_a_number_tells_its_registry() -> None:
    assert find_registry("EUCTR2013-000615-24-BE") == "EUCTR"
    assert find_registry("2023-508143-51-01") == "CTIS"
    assert find_registry("DRKS00012345") == "DRKS"
    assert find_registry("something else") is None


def test_other_numbers_are_not_ones_own() -> None:
    assert find_other_ids("EUCTR2013-000615-24-BE", ["2013-000615-24, NCT00912345", None]) == ("NCT00912345",)


@pytest.mark.parametrize(
    ("numbers", "picked"),
    [(["U1111-1119-1317", "NCT00912345"], "NCT00912345"), (["NCT00912345", "NCT00912346"], None), ([], None)],
)
def test_the_only_nct_number(numbers: list[str], picked: str | None) -> None:
    assert pick_nct_id(numbers) == picked
