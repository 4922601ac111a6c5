"""The page of programmes says what the folders say."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from niangjia.cli import reference
from niangjia.policy.tests.recipes import write_shelf


def test_the_page_is_what_the_folders_say() -> None:
    assert reference.PAGE.read_text(encoding="utf-8") == reference.page(), "run: python -m niangjia.cli.reference"


def test_it_is_written_without_django() -> None:
    code = "import sys, niangjia.cli.reference as r; r.page(); sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=reference.ROOT, check=False).returncode == 0


def test_a_number_a_sentence_and_an_example_that_change_change_the_page(tmp_path: Path) -> None:
    write_shelf(tmp_path)
    (tmp_path / "broken" / "programme.yaml").unlink()
    before = reference.page(tmp_path)
    assert "- Public notice of 7 working days, after the approval." in before
    assert "`aid_per_student` 助学标准, Aid per student | — | 2024-01-01 | missing" in before
    for file, old, new in (
        ("amounts.yaml", "unit: fen, missing: true", "unit: fen, value: 9, stated: true, line: 7"),
        ("rules.yaml", "en: Has", "en: Truly has"),
        ("examples.yaml", "name: ", "name: 另"),
    ):
        path = tmp_path / "aid" / file
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        after = reference.page(tmp_path)
        assert after != before, file
        before = after
    assert "`aid_per_student` 助学标准, Aid per student | 0.09 yuan | 2024-01-01 | stated: line 7" in before


def test_what_is_derived_names_its_division_and_a_fund_its_line() -> None:
    text = reference.page()
    assert "`average_per_station` | 11,000.00 yuan | 2022-01-01 | derived: 5,500,000 yuan / 500 stations |" in text
    assert "the source sets aside 5,500,000.00 yuan (line 27)" in text
