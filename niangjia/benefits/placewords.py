"""Places in words: on the officer's list, and what the page of a list says of its places."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from niangjia.benefits.forms.draws import FixForm, SeedForm
from niangjia.benefits.places import DRAWN, PLACED, UNKNOWN, WAITING, Places, Stand
from niangjia.benefits.quotas import QuotaTable
from niangjia.benefits.wording import counted, unit_of
from niangjia.core import clock


def stand_words(stand: Stand) -> str:
    """Where somebody stands, in a few words."""
    words = {
        PLACED: _("place %(n)s"), DRAWN: _("in the draw"), WAITING: _("waits, number %(n)s"),
        UNKNOWN: _("group not known yet"),
    }.get(stand.code, "")  # fmt: skip
    text = words % {"n": stand.number} if "%(" in words else words
    if stand.shared > 1:
        text += _(" (%(n)s equals)") % {"n": stand.shared}
    return _("%(where)s · %(group)s") % {"where": text, "group": stand.group} if text and stand.group else text


def place_words(kind: str, pk: int, places: Places | None, quotas: QuotaTable | None) -> str:
    """Where somebody stands, or how many places a union or an employer has; empty where places are not limited."""
    if quotas is not None:
        many = quotas.of.get((kind, pk))
        return "" if many is None else counted(many, "place")
    return "" if places is None else stand_words(places.of(kind, pk))


@dataclass(frozen=True)
class PlacesPanel:
    """The places on the page of a list: numbers that open to their rows, groups, and the draw where one is needed."""

    places: Places
    tabs: list[dict[str, Any]]
    fix_form: FixForm | None
    seed_form: SeedForm | None

    @property
    def draw(self) -> Any:
        """The draw, fixed or finished."""
        return self.places.draw


def panel(
    places: Places | None, address: Any, current: str, *, fix_form: FixForm | None = None,
    seed_form: SeedForm | None = None,
) -> PlacesPanel | None:  # fmt: skip
    """The panel of a list; None where places are not limited. `address(place=…)` gives where rows are."""
    if places is None:
        return None
    found = places.found
    labels = (
        (PLACED, _("Have a place"), len(found.placed)), (DRAWN, _("In the draw"), len(found.drawn)),
        (WAITING, _("Wait"), len(found.waiting)), (UNKNOWN, _("Group not known yet"), len(found.unknown)),
    )  # fmt: skip
    tabs = [
        {
            "label": label, "counted": counted(count, unit_of(places.card)), "current": code == current,
            "url": address(tab="yes", place=code, page=""),
        }
        for code, label, count in labels
        if count or code in (PLACED, WAITING)
    ]  # fmt: skip
    draw = places.draw
    seed_due = places.draw_is_open and draw is not None and draw.seed_on <= clock.today()
    return PlacesPanel(
        places, tabs, (fix_form or FixForm()) if places.can_draw else None,
        (seed_form or SeedForm()) if seed_due else None,
    )  # fmt: skip
