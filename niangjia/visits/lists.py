"""零就业家庭 as the one list mechanism shows, exports and prints it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from niangjia.core import clock
from niangjia.federation.listing.kinds import Column, Condition, Line, ListKind, list_kinds
from niangjia.federation.scopes import Scope
from niangjia.visits.nowork import NoWorkLine, no_work_in
from niangjia.visits.permissions import READ

NO_WORK, EVERY = "visits.no_work", "all"


def _rows(scope: Scope, about: str, given: Mapping[str, Any]) -> list[NoWorkLine]:
    return no_work_in(scope, clock.today(), in_file=given.get(EVERY) != "1").lines


def _lines(rows: Sequence[NoWorkLine], wanted: Collection[str]) -> list[Line]:
    return [
        Line(
            {
                "head": row.card.name, "union": row.card.union_name, "since": row.reading.on,
                "change": row.reading.next_change_on, "seen": row.seen_on, "due": row.due_on,
            },
            url=reverse("household_file", args=[row.card.public_id]), object_id=row.card.id,
            union_id=row.card.union_id,
        )
        for row in rows
    ]  # fmt: skip


LIST = ListKind(
    code=NO_WORK, title=_("Nobody in work"), unit="household", right=READ, export_right="people.registry:export",
    columns=(
        Column("head", _("Head")), Column("union", _("Union"), "short", key=lambda row: row.card.union_id),
        Column("since", _("Known since"), "day"), Column("change", _("May change on"), "day"),
        Column("seen", _("Last visit"), "day"), Column("due", _("Return visit due"), "day", key=lambda row: row.due_on),
    ),
    conditions=(
        Condition(EVERY, _("Households without a file of difficulty too"), None, lambda scope: [("1", _("yes"))]),
    ),
    rows=_rows, lines=_lines, address=lambda about: reverse("no_work"), default="due",
    subject_kind="household",
)  # fmt: skip


def register() -> None:
    """Offer it."""
    list_kinds.register(LIST.code, LIST)
