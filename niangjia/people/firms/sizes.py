"""The official size class of a firm on a day, from its industry, staff, revenue and assets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

import yaml

from niangjia.core.money import FEN_PER_YUAN
from niangjia.people.rosters.cells import chinese

CLASSES = ("large", "medium", "small")
MICRO = "micro"
FEN_PER_WAN = FEN_PER_YUAN * 10_000
MEASURES = ("staff", "revenue", "assets")


@dataclass(frozen=True)
class Industry:
    """One industry of an edition: its measures with the lower bounds of large, medium and small."""

    code: str
    zh: str
    en: str
    bounds: Mapping[str, tuple[int, int, int]]

    @property
    def label(self) -> str:
        """Its name in the reader's language."""
        return self.zh if chinese() else self.en


@dataclass(frozen=True)
class Edition:
    """The classes in force from a day on."""

    valid_from: date
    source: str
    industries: Mapping[str, Industry]


@cache
def editions() -> tuple[Edition, ...]:
    """All editions, the oldest first."""
    told = yaml.safe_load((Path(__file__).parent / "size_classes.yaml").read_text(encoding="utf-8"))
    found = [
        Edition(one["from"], one["source"], {code: _industry(code, row) for code, row in one["industries"].items()})
        for one in told
    ]
    return tuple(sorted(found, key=lambda one: one.valid_from))


def _industry(code: str, row: Mapping[str, object]) -> Industry:
    bounds = {measure: tuple(row[measure]) for measure in MEASURES if measure in row}  # type: ignore[arg-type]
    return Industry(code, str(row["zh"]), str(row["en"]), bounds)  # type: ignore[arg-type]


def edition_on(day: date) -> Edition | None:
    """The edition in force on a day."""
    return next((one for one in reversed(editions()) if one.valid_from <= day), None)


def size_class(
    industry: Industry, *, staff: int | None = None, revenue_fen: int | None = None, assets_fen: int | None = None
) -> str:
    """The class; empty while a measure that is not known could still change it."""
    least = _class({"staff": staff or 0, "revenue": revenue_fen or 0, "assets": assets_fen or 0}, industry)
    endless = 1 << 62
    most = _class(
        {
            "staff": endless if staff is None else staff,
            "revenue": endless if revenue_fen is None else revenue_fen,
            "assets": endless if assets_fen is None else assets_fen,
        },
        industry,
    )
    return least if least == most else ""


def _class(told: Mapping[str, int], industry: Industry) -> str:
    for at, name in enumerate(CLASSES):
        if all(
            told[measure] >= bounds[at] * (1 if measure == "staff" else FEN_PER_WAN)
            for measure, bounds in industry.bounds.items()
        ):
            return name
    return MICRO


def measures_missing(industry: Industry, told: Mapping[str, int | None]) -> list[str]:
    """The measures of an industry that are not known."""
    return [measure for measure in industry.bounds if told.get(measure) is None]
