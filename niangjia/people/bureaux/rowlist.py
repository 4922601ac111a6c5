"""The rows inside a batch as a list: who is in it, who went into the file, and what came back about each.

No value stands here: what the file says and what the bureau found is read on the batch's own page, where each look is
written down.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from niangjia.core import clock
from niangjia.federation.listing.house import union_choices, union_named
from niangjia.federation.listing.kinds import Column, Condition, Line, ListKind, State, list_kinds, list_url
from niangjia.federation.listing.units import Count
from niangjia.federation.queries import descendants, union_by_public_id
from niangjia.federation.scopes import Scope
from niangjia.people.bureaux import batches
from niangjia.people.bureaux.answers import DIFFERS, FILLED, REFUSED, SAME, Answers, Told
from niangjia.people.models import CrossCheck, CrossCheckChoice

READY, LEFT, ASKED, SILENT, NEVER = "ready", "left", "asked", "silent", "never"
VERDICTS: dict[str, State] = {
    READY: State("go", _("may go into the file")), LEFT: State("ask", _("not in the file: something is missing")),
    ASKED: State("go", _("in the file, no answer yet")), SILENT: State("ask", _("in the file, not in the answer")),
    NEVER: State("no", _("in the file, closed without an answer")),
    DIFFERS: State("ask", _("says otherwise")), FILLED: State("yes", _("was unknown, will be known")),
    SAME: State("yes", _("says the same")), REFUSED: State("no", _("cannot be entered")),
}  # fmt: skip
ANSWERED = {DIFFERS, FILLED, SAME}
IN, OUT, NAMED = "in", "out", "named"
OPEN = "open"
CHOICES: dict[str, str | Promise] = {
    CrossCheckChoice.Choice.TAKE: _("Take"), CrossCheckChoice.Choice.KEEP: _("Keep ours"),
    CrossCheckChoice.Choice.VISIT: _("See them at home"),
}  # fmt: skip


@dataclass(frozen=True)
class BatchRow:
    """Somebody in a batch, with what came back about him."""

    row: batches.CheckRow
    is_in: bool  # in the file as it may be taken today
    verdict: str
    choice: str = ""


def rows_in(check: CrossCheck, batch: batches.OpenBatch | None = None) -> list[BatchRow]:
    """Everybody in a batch that the caller found in scope; a fixed number of queries."""
    batch = batch or batches.OpenBatch(check, batches.rows_of(check, clock.today()))
    result = batches.result_of(check)
    told = Answers(result).told if result else {}
    inside = {row.person_id for row in batch.ready}
    return [_row(check, row, row.person_id in inside, told, is_back=bool(told)) for row in batch.rows]


def _row(check: CrossCheck, row: batches.CheckRow, is_in: bool, told: Mapping[str, Told], *, is_back: bool) -> BatchRow:
    answer = told.get(row.id_key)
    if answer is not None:
        return BatchRow(row, is_in, answer.verdict, answer.choice)
    if not is_in:
        return BatchRow(row, is_in, LEFT)
    if check.closed_at is not None:
        return BatchRow(row, is_in, NEVER)
    return BatchRow(row, is_in, READY if check.sent_on is None else SILENT if is_back else ASKED)


def numbers_of(check: CrossCheck, batch: batches.OpenBatch) -> dict[str, Count]:
    """The numbers of a batch's page, each opening the rows it counts."""
    rows = rows_in(check, batch)
    signed = NAMED if check.sent_on else IN

    def some(unit: str, number: int, **asked: str) -> Count:
        return Count(number, unit, url=rows_url(check, **asked))

    parts = {part: some(check.subject, len(_in_part(rows, part)), part=part) for part in (IN, OUT, NAMED)}
    told = {code: some("answer", sum(one.verdict == code for one in rows), verdict=code) for code in ANSWERED}
    answered = some("answer", sum(one.verdict in ANSWERED for one in rows), answered="yes")
    return parts | told | {"all": some(check.subject, len(rows)), "signed": parts[signed], "answered": answered}


def rows_url(check: CrossCheck, **asked: str) -> str:
    """The rows of a batch, all or some."""
    return list_url(ROWS.code, check.public_id, **asked)


def _check(scope: Scope, about: str) -> CrossCheck:
    return batches.check_in(scope, about)


def _rows(scope: Scope, about: str, given: Mapping[str, Any]) -> list[BatchRow]:
    rows = rows_in(_check(scope, about))
    if given.get("union"):
        below = set(descendants(union_by_public_id(scope, given["union"]).pk))
        rows = [one for one in rows if one.row.card.union_id in below]
    return rows


def _in_part(rows: list[BatchRow], part: str) -> list[BatchRow]:
    if part == NAMED:
        return [one for one in rows if one.row.sent]
    return [one for one in rows if one.is_in == (part == IN)]


def _decided(rows: list[BatchRow], choice: str) -> list[BatchRow]:
    if choice == OPEN:
        return [one for one in rows if one.verdict == DIFFERS and not one.choice]
    return [one for one in rows if one.choice == choice]


def _missing(row: batches.CheckRow) -> str:
    lacks = (
        (not row.has_number, _("identity number")), (row.missing.names, _("signature")),
        (row.missing.refused or row.missing.is_unused, _("consent")),
    )  # fmt: skip
    return " · ".join(str(word) for is_missing, word in lacks if is_missing)


def _lines(rows: Sequence[Any], wanted: Collection[str]) -> list[Line]:
    return [
        Line(
            {
                "name": one.row.card.name, "masked": one.row.masked_number, "union": one.row.card.union_name,
                "missing": "" if one.is_in else _missing(one.row), "state": VERDICTS[one.verdict],
                "choice": CHOICES.get(one.choice, ""),
            },
            url=reverse(f"{one.row.card.kind}_file", args=[one.row.card.public_id]), object_id=one.row.card.id,
            union_id=one.row.card.union_id,
        )
        for one in rows
    ]  # fmt: skip


def _unit(scope: Scope, about: str) -> str:
    return _check(scope, about).subject


def _headline(scope: Scope, about: str) -> str:
    check = _check(scope, about)
    return f"{check.bureau} · {check.title}"


def _address(about: str) -> str:
    return reverse("check_rows", args=[about]) if about else reverse("check_list")


ROWS = ListKind(
    code="people.check_rows", title=_("Rows of a batch"), unit="person", right=batches.READ,
    export_right=batches.READ,
    columns=(
        Column("order", _("In the order of the file"), key=lambda one: 0, on_page=False),
        Column("name", _("Name"), key=lambda one: one.row.card.name), Column("masked", _("Identity number"), "short"),
        Column("union", _("Union"), "short", key=lambda one: one.row.card.union_name),
        Column("missing", _("Missing")), Column("choice", _("Decided"), "short", key=lambda one: one.choice),
        Column("state", _("What came back"), "state", key=lambda one: [*VERDICTS].index(one.verdict)),
    ),
    conditions=(
        Condition(
            "verdict", _("What came back"), lambda rows, verdict: [one for one in rows if one.verdict == verdict],
            lambda scope: [(code, state.word) for code, state in VERDICTS.items()],
        ),
        Condition(
            "answered", _("Answered"),
            lambda rows, yes: [one for one in rows if (one.verdict in ANSWERED) == (yes == "yes")],
            lambda scope: [("yes", _("answered")), ("no", _("without an answer"))],
        ),
        Condition(
            "decision", _("Decided"), _decided, lambda scope: [*CHOICES.items(), (OPEN, _("not decided yet"))],
        ),
        Condition(
            "part", _("In the file"), _in_part,
            lambda scope: [(IN, _("in the file")), (OUT, _("left out")), (NAMED, _("named when it was sent"))],
        ),
        Condition("union", _("Union"), None, union_choices, named=union_named),
    ),
    rows=_rows, lines=_lines, address=_address, default="order", unit_of=_unit, headline=_headline,
)  # fmt: skip


def register() -> None:
    """Offer it."""
    list_kinds.register(ROWS.code, ROWS)
