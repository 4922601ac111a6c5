"""A shelf and a folder of facts for the verbs over many people."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import yaml

from niangjia.cli.main import main

SHELF = Path(__file__).resolve().parents[3] / "programmes"
# As the examples of some recipes assume them, but for lines that more of the invented people should reach.
HIGHER = {"henan-autumn-study-aid": {"income_line": 450000}, "yantai-consolation": {"cut_off_day": dt.date(2026, 6, 1)}}


def _assumed() -> dict[str, dict[str, object]]:
    """Invented numbers for what the pages do not state: those that each recipe's examples assume."""
    found: dict[str, dict[str, object]] = {}
    for path in sorted(SHELF.glob("*/examples.yaml")):
        assumed = yaml.safe_load(path.read_text(encoding="utf-8")).get("assume")
        if assumed:
            found[path.parent.name] = {**assumed, **HIGHER.get(path.parent.name, {})}
    return found


NUMBERS = yaml.safe_dump(_assumed())
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
