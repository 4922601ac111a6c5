"""Exports as their pages show them: one's own, those a second person answers for, and the file or paper itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.http import content_disposition_header
from django.utils.translation import gettext_lazy as _

from niangjia.accounts.models import User
from niangjia.core.areas import DeskItem, desk_items
from niangjia.core.errors import NotFoundHere
from niangjia.core.tables import Table
from niangjia.federation.listing.house import export_state
from niangjia.federation.listing.kinds import State, list_kinds
from niangjia.federation.listing.pages import ListPage
from niangjia.federation.models import Approval, Export
from niangjia.federation.queries import open_approvals
from niangjia.federation.scopes import rights_of, scope_of
from niangjia.federation.services.exports import APPROVAL_KIND, CONFIRM, Taken

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ROWS_OF_PAPER = 20
NEWEST = 50


@dataclass(frozen=True)
class Shown:
    """One export, in words."""

    export: Export
    title: str | Promise
    columns: tuple[str | Promise, ...]
    state: State
    note: str
    approval: Approval | None  # while it waits
    may_answer: bool
    may_take: bool


def export_for(user: Any, public_id: str) -> Export:
    """One's own export, one that may be answered, or one an auditor sees; else `NotFoundHere`."""
    row = Export.objects.filter(public_id=public_id).select_related("user", "union").first()
    if row is None:
        raise NotFoundHere
    over = any(scope_of(user, right).reaches_union(row.union_id) for right in (CONFIRM, "federation.audit:read"))
    if not over and (row.user_id != user.pk or not rights_of(user)):
        raise NotFoundHere
    return row


def shown(export: Export, user: Any) -> Shown:
    """One export as its page shows it."""
    kind = list_kinds.get(export.kind)
    asked = Approval.objects.filter(kind=APPROVAL_KIND, object_id=export.pk).order_by("-pk").first()
    waits = asked if asked is not None and asked.decided_at is None else None
    state, note = export_state(export), ""
    if asked is not None and asked.verdict in {"returned", "withdrawn"}:
        state, note = State("no", _("not allowed") if asked.verdict == "returned" else _("taken back")), asked.note
    columns = [column.label for code in export.columns.split(",") if (column := kind.column(code)) is not None]
    own = export.user_id == user.pk
    return Shown(
        export, kind.title, tuple(columns), state, note, waits,
        may_answer=waits is not None and not own and scope_of(user, CONFIRM).reaches_union(export.union_id),
        may_take=own and export.allowed_at is not None and export.taken_at is None,
    )  # fmt: skip


def own_lines(user: Any) -> list[Shown]:
    """The newest exports of one officer."""
    return [
        shown(row, user) for row in Export.objects.filter(user=user).select_related("user").order_by("-pk")[:NEWEST]
    ]


def answer(request: HttpRequest, taken: Taken, page: ListPage | None) -> HttpResponse:
    """The file, the paper, or the page on which it waits."""
    if taken.table is None:
        return redirect("export", taken.export.public_id)
    if taken.content:
        response = HttpResponse(taken.content, content_type=XLSX)
        name = f"{taken.table.title}_{taken.export.serial}.xlsx".replace(" · ", "_")
        response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
        return response
    back = list_kinds.get(taken.export.kind).address(taken.export.about) + f"?{taken.export.query}"
    totals = [taken.table.total_fen(at) if head.is_fen else None for at, head in enumerate(taken.table.heads)]
    context = {"table": taken.table, "pages": paper(taken.table), "totals": totals, "back": back}
    return render(request, "federation/list_paper.html", context)


@dataclass(frozen=True)
class Sheet:
    """One page of paper: its rows, and the sum of each column of money (None for the others)."""

    rows: list[list[tuple[bool, Any]]]  # whether it is money, and the value
    sums: list[int | None]
    is_last: bool


def _written(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def paper(table: Table) -> list[Sheet]:
    """A table page by page, so that each page has its own sum; without money it is one run of rows."""
    money = [head.is_fen for head in table.heads]
    size = ROWS_OF_PAPER if any(money) else max(1, len(table.rows))
    parts = [table.rows[first : first + size] for first in range(0, len(table.rows), size)]
    return [
        Sheet(
            [[(fen, _written(value)) for fen, value in zip(money, row, strict=True)] for row in part],
            [sum(v for row in part if isinstance(v := row[at], int)) if fen else None for at, fen in enumerate(money)],
            number == len(parts),
        )
        for number, part in enumerate(parts, start=1)
    ]  # fmt: skip


def register() -> None:
    """Offer the block of exports that wait for a second person."""
    desk_items.register(
        "federation.exports",
        DeskItem(
            "federation.exports", 26, _("Exports to confirm"), "federation/_due_exports.html", _due, right=CONFIRM
        ),
    )  # fmt: skip


def _due(request: HttpRequest) -> dict[str, Any]:
    user: User = request.user  # type: ignore[assignment]
    waiting = {row.object_id: row for row in open_approvals(scope_of(user, CONFIRM), APPROVAL_KIND)}
    rows = Export.objects.filter(pk__in=waiting).select_related("user").order_by("pk")
    return {"rows": [shown(row, user) for row in rows if row.user_id != user.pk]}
