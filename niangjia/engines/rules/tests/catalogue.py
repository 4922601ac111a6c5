"""The facts that the recipes in `programmes/` ask for, as the site last wrote them down (`manage.py facts`)."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from niangjia.engines.rules import Catalogue, Fact

# Read as a file: the engine knows nothing of the rooms that register facts.
WRITTEN = Path(__file__).parents[3] / "cli" / "facts.json"


def _facts() -> tuple[Fact, ...]:
    """Every registered fact once, whichever kind of subject it is about."""
    written = json.loads(WRITTEN.read_text(encoding="utf-8"))
    rows = (row for kind, found in written.items() if kind != "relations" for row in found)
    read = {
        row["code"]: Fact(**{**row, "codes": {code: (zh, en) for code, (zh, en) in row["codes"].items()}})
        for row in rows
    }
    return tuple(read.values())


def _kept(_section: object) -> Iterable[tuple[str, str, str, str]]:
    return ()


CATALOGUE = Catalogue(_facts())
# Sections that rooms of the site judge when a folder is adopted; here they only have to be there.
SECTIONS = {"notice": _kept, "places": _kept}
