"""Lists of a programme as they leave the desk: masked, without children's names; papers that go on record."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as say, gettext_lazy as _

from niangjia.accounts.models import User
from niangjia.benefits import listpage
from niangjia.benefits.models import FrozenList
from niangjia.benefits.wording import language, unit_of
from niangjia.core.errors import NotFoundHere
from niangjia.federation.listing.kinds import Column, Condition, Line, ListKind, State, list_kinds
from niangjia.federation.listing.pages import ListPage
from niangjia.federation.queries import towns_of
from niangjia.federation.scopes import Scope, require
from niangjia.federation.services import audit
from niangjia.policy import queries as policy

PLACES = ("placed", "drawn", "waiting", "unknown")
TAB_WORDS = {
    listpage.MET: _("Meet the rule, delivered or not"),
    "yes": _("Met, not served"), "one_missing": _("One missing"), "confirm": _("To be checked"),
    "near": _("Near miss"), "no_longer": _("No longer met"), "served": _("Delivered"),
}  # fmt: skip


@dataclass(frozen=True)
class Row:
    """One row of a list, and the list it stands in."""

    found: listpage.ListPage
    one: Any


def _address(about: str) -> str:
    if not about or "/" in about:
        raise NotFoundHere  # a list of no programme
    return reverse("desk_list", args=[about])


def _rows(scope: Scope, about: str, given: Mapping[str, Any]) -> list[Row]:
    found = listpage.open_list(scope, about, listpage.Filters(tab=given.get("tab") or "yes"))
    return rows_of(found)


def rows_of(found: listpage.ListPage) -> list[Row]:
    """The rows of the open tab, before any condition."""
    return [Row(found, one) for one in found.of_tab()]


def _in_town(rows: list[Row], public_id: str) -> list[Row]:
    towns = towns_of({row.one.union_id for row in rows})
    return [row for row in rows if (town := towns.get(row.one.union_id)) and town.public_id == public_id]


def _asked_for(rows: list[Row], ask: str) -> list[Row]:
    return [row for row in rows if getattr(getattr(row.one, "standing", None), "ask", None) == ask]


def _towns(scope: Scope) -> list[tuple[str, str]]:
    return [(town["public_id"], town["name"]) for town in listpage.town_choices(scope)]


def _lines(rows: Sequence[Row], wanted: Collection[str]) -> list[Line]:
    if not rows:
        return []
    found = rows[0].found
    lines = listpage.lines([row.one for row in rows], scope=found.scope, places=found.places, quotas=found.quotas)
    return [
        Line(
            {
                "no": number, "name": line.name.outside, "number": line.name.outside_number, "town": line.name.town,
                "why": line.why, "oldest": _oldest(line),
                "amount": line.amount_fen, "state": State(line.status.colour, line.status.word),
                "first": say("yes") if line.first_time else "", "place": line.place,
            },
            object_id=line.subject_id, union_id=row.one.union_id, subject_kind=line.subject_kind,
            told={"decision": line.decision} if line.tells_a_value else {},
        )
        for number, (row, line) in enumerate(zip(rows, lines, strict=True), start=1)
    ]  # fmt: skip


def _oldest(line: listpage.Line) -> str:
    return f"{line.oldest.source} {line.oldest.on or ''}".strip() if line.oldest else ""


def lines_of(page: ListPage) -> list[listpage.Line]:
    """The rows of one page of a list as the desk reads them."""
    rows = page.objects
    found = rows[0].found if rows else None
    places, quotas = (found.places, found.quotas) if found else (None, None)
    shown = listpage.lines([row.one for row in rows], scope=page.scope, places=places, quotas=quotas)
    return listpage.with_related(page.scope, shown)


def _unit(scope: Scope, about: str) -> str:
    return unit_of(policy.version_card(scope, about))


def _headline(scope: Scope, about: str) -> str:
    card = policy.version_card(scope, about)
    return f"{card.name} · {card.document_number}" if card.document_number else card.name


LIST = ListKind(
    code="benefits.list", title=_("Lists"), unit="row", right="benefits.list:read", export_right="benefits.list:export",
    columns=(
        # As the rule or the places put them.
        Column("no", _("No."), "number", key=lambda row: 0, on_page=False), Column("name", _("Name")),
        Column("number", _("Number (masked)"), "short"),
        Column("town", _("Town"), key=lambda row: row.one.union_id), Column("why", _("Why")),
        Column("oldest", _("Oldest fact")),
        Column("amount", _("Amount"), "fen", key=lambda row: row.one.amount_fen or 0),
        Column("state", _("State"), "state"), Column("first", _("First time"), key=lambda row: not row.one.first_time),
        Column("place", _("Place or turn"), on_page=False),
    ),
    conditions=(
        Condition("tab", _("View"), None, lambda scope: [*TAB_WORDS.items()]),
        Condition("town", _("Town"), _in_town, _towns),
        Condition(
            "first", _("Never served before"), lambda rows, yes: [row for row in rows if row.one.first_time],
            lambda scope: [("1", _("yes"))],
        ),
        Condition("ask", _("Missing fact"), _asked_for),
        Condition(
            "place", _("Place or turn"),
            lambda rows, code: [row for row in rows if row.found.place_of(row.one) == code],
            lambda scope: [(code, code) for code in PLACES],
        ),
    ),
    rows=_rows, lines=_lines, address=_address, default="no",
    unit_of=_unit, headline=_headline, telling=("why", "policy.decision:look"),
)  # fmt: skip


def register() -> None:
    """Offer the lists of programmes."""
    list_kinds.register(LIST.code, LIST)


@transaction.atomic
def record_paper(frozen: FrozenList, paper: str, acting_user: User) -> None:
    """Put on record that a paper of a list was opened for printing."""
    require(acting_user, "benefits.list:export")
    audit.record(
        "benefits.list:export", acting_user=acting_user, object_kind="frozen_list", object_id=frozen.pk,
        union_id=frozen.union_id, after={"paper": paper, "language": language()},
    )  # fmt: skip
