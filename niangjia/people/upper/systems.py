"""Which systems there are, and their fields in the order in which they are typed: data, one file for each version."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from niangjia.people.rosters import cells
from niangjia.people.rosters.cells import CellType, chinese
from niangjia.people.rosters.kinds import GRADES, SEXES, Column, RosterKind

_TYPES: dict[str, CellType] = {
    "name": cells.NAME, "identity": cells.IDENTITY, "phone": cells.PHONE, "day": cells.DAY, "whole": cells.WHOLE,
    "yuan": cells.YUAN, "text": cells.text(200), "sex": cells.choice(SEXES), "grade": cells.choice(GRADES),
}  # fmt: skip
SEEN_ON = "seen_on"
_TITLE = _("Export of the national system")
_INTRO = _(
    "What stands in the upper system, one household per row: it is compared with the files here, and changes none of "
    "them."
)
_SEEN = _("Stood in the export of")


@dataclass(frozen=True)
class UpperField:
    """One field of an upper system."""

    code: str
    zh: str
    en: str
    type: CellType
    headings: tuple[str, ...]
    is_sensitive: bool = False
    is_compared: bool = True

    @property
    def label(self) -> str:
        """Its name in the reader's language."""
        return self.zh if chinese() else self.en


@dataclass(frozen=True)
class UpperSystem:
    """One system in one version."""

    code: str
    version: str
    zh: str
    en: str
    fields: tuple[UpperField, ...]

    @property
    def name(self) -> str:
        """Its name in the reader's language."""
        return self.zh if chinese() else self.en

    @property
    def kind(self) -> str:
        """The kind of roster its export is read as."""
        return f"upper_{self.code}"


@cache
def systems() -> dict[str, UpperSystem]:
    """All systems by their codes."""
    found = [_read(path) for path in sorted(Path(__file__).parent.glob("*.yaml"))]
    return {one.code: one for one in found}


def _read(path: Path) -> UpperSystem:
    told = yaml.safe_load(path.read_text(encoding="utf-8"))
    fields = tuple(
        UpperField(
            one["code"], one["zh"], one["en"], _TYPES[one["type"]], tuple(one["headings"]),
            bool(one.get("sensitive")), bool(one.get("compared", True)),
        )
        for one in told["fields"]
    )  # fmt: skip
    return UpperSystem(told["system"], str(told["version"]), told["name"]["zh"], told["name"]["en"], fields)


def _label_later(one: UpperField) -> Any:
    return lazy(lambda: one.label, str)()


def export_kind(system: UpperSystem) -> RosterKind:
    """Its export as a kind of roster: read, compared and noted, never written into the files of people."""
    columns = tuple(
        Column(one.code, _label_later(one), one.type, one.headings, required=one.code == "id_number")
        for one in system.fields
    )
    seen = Column(SEEN_ON, _SEEN, cells.DAY, ())
    return RosterKind(
        system.kind, _TITLE, _INTRO, (*columns, seen), ("known_person", "upper"), right="people.registry:write"
    )
