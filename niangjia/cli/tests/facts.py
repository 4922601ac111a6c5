"""A shelf and a folder of facts for the verbs over many people."""

from __future__ import annotations

from pathlib import Path

from niangjia.cli.main import main

SHELF = Path(__file__).resolve().parents[3] / "programmes"
# Invented, for the numbers that the pages do not state.
NUMBERS = """\
fengxian-employer-subsidy: {subsidy_per_holder: 100001, wage_level: 300000, district_share: 333333}
henan-autumn-study-aid: {aid_per_student: 200000, income_line: 450000, near_band: 10000}
yantai-consolation: {cut_off_day: 2026-06-01}
"""
TODAY = "2026-08-03"


def generate(place: Path, people: int = 2_000, seed: int = 1) -> Path:
    """Invented people in a folder."""
    assert main(["generate", "--people", str(people), "--seed", str(seed), "--out", str(place), "--quiet"]) == 0
    return place


def sweep(facts: Path, out: Path, *more: str) -> int:
    """Sweep the repository's shelf over a folder of facts."""
    numbers = facts.parent / "numbers.yaml"
    numbers.write_text(NUMBERS, encoding="utf-8")
    words = ["sweep", "--programmes", str(SHELF), "--facts", str(facts), "--today", TODAY, "--quiet"]
    return main([*words, "--amounts", str(numbers), "--out", str(out), *more])
