"""Taking a list out of the desk: for a purpose, within a day's measure, else with a second person; each on record."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import parse_qsl

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from niangjia.accounts.models import User
from niangjia.core import clock
from niangjia.core.errors import NotFoundHere, Refusal
from niangjia.core.tables import Table, written
from niangjia.federation.listing.kinds import Column, Line
from niangjia.federation.listing.leaving import chosen, lines_of, table_of
from niangjia.federation.listing.pages import ListPage, page_of
from niangjia.federation.listing.units import Count
from niangjia.federation.models import Approval, Export, ExportDay
from niangjia.federation.models.export import MOST_ROWS_A_DAY
from niangjia.federation.scopes import require
from niangjia.federation.services import approvals, audit

CONFIRM = "federation.export:confirm"
TAKE = "federation.export:take"
APPROVAL_KIND = "federation.export"
MOST_ROWS_AT_ONCE = 50_000
ALLOWED_FOR = timedelta(days=7)
LONGEST_QUERY = 1_000


class PurposeMissing(Refusal):
    """It stands on every page and in the trail."""

    sentence = _("Please write what the list is for: it stands on every page. Nothing was taken.")


class ColumnsMissing(Refusal):
    """A list of nothing."""

    sentence = _("Please choose at least one column. Nothing was taken.")


class NothingToTake(Refusal):
    """No row fits."""

    sentence = _("No row fits these conditions, so nothing was taken. Leave out one condition.")


class TooManyAtOnce(Refusal):
    """Nobody needs a whole province in one file."""

    sentence = _("These are more than %(most)s, the most for one export. Nothing was taken. Add a condition.")


class NotAllowedYet(Refusal):
    """The second person has not answered, said no, or too long ago."""

    sentence = _("This export is not allowed, or no longer. Nothing was taken. Ask for it again.")


class TakenAlready(Refusal):
    """Allowed once is taken once."""

    sentence = _("This export was taken already. Nothing more was taken. Ask again if you need it once more.")


class GrownSince(Refusal):
    """More rows than the second person saw."""

    sentence = _("The list has more rows now than were allowed. Nothing was taken. Ask for it again.")


class AnswerNeedsWords(Refusal):
    """What is sent back says why."""

    sentence = _("Please write in one sentence what is to be different. Nothing was decided.")


@dataclass(frozen=True)
class Taken:
    """What was asked for, and, unless it waits for a second person, the table and its file."""

    export: Export
    table: Table | None = None
    content: bytes = b""


def register() -> None:
    """Offer the kind of confirmation a large or sensitive export takes."""
    approvals.kinds.register(
        APPROVAL_KIND,
        approvals.ApprovalKind(APPROVAL_KIND, _("Export of a list"), CONFIRM, digest_of, _confirmed, _returned),
    )


def digest_of(export_id: int) -> str:
    """What exactly is confirmed."""
    row = Export.objects.get(pk=export_id)
    text = audit.canonical([row.kind, row.about, row.query, row.columns, row.way, row.purpose, row.rows])
    return hashlib.sha256(text.encode()).hexdigest()


def _confirmed(approval: Approval, acting_user: User) -> None:
    Export.objects.filter(pk=approval.object_id).update(allowed_at=clock.now())


def _returned(approval: Approval, acting_user: User) -> None:
    """It stays as it was asked for, and is never taken."""


def rows_left(user: User) -> int:
    """How many rows somebody may still take today without a second person."""
    used = ExportDay.objects.filter(user=user, day=clock.today()).values_list("rows", flat=True).first() or 0
    return MOST_ROWS_A_DAY - used


@transaction.atomic
def take_list(*, page: ListPage, columns: Sequence[str], way: str, purpose: str, acting_user: User) -> Taken:
    """Take a list out; over the day's measure or with sensitive columns it waits for a second person."""
    scope = require(acting_user, page.kind.export_right or "system")
    reason = "".join(sign for sign in " ".join(purpose.split()) if sign.isprintable())
    wanted = chosen(page, columns)
    rows = page.count_up_to(MOST_ROWS_AT_ONCE)
    _check(page, wanted, reason, rows)
    sensitive = any(column.right for column in wanted)
    is_over = not sensitive and not _use_up(acting_user, rows)
    export = Export.objects.create(
        user=acting_user, union_id=min(scope.seats), kind=page.kind.code, about=page.about,
        query=page.asked.query()[:LONGEST_QUERY], columns=",".join(column.code for column in wanted),
        way=way if way in Export.Way else Export.Way.XLSX, purpose=reason[:100], rows=rows, is_over=is_over,
        is_sensitive=sensitive, asked_at=clock.now(),
    )  # fmt: skip
    if is_over or sensitive:
        approvals.ask(
            kind=APPROVAL_KIND, object_id=export.pk, union_id=export.union_id, acting_user=acting_user
        )  # fmt: skip
        return Taken(export)
    return _take(page, wanted, export, acting_user)


def _check(page: ListPage, wanted: Sequence[Column], reason: str, rows: int) -> None:
    if not reason:
        raise PurposeMissing(field="purpose")
    if not wanted:
        raise ColumnsMissing(field="columns")
    if not rows:
        raise NothingToTake
    if rows > MOST_ROWS_AT_ONCE:
        raise TooManyAtOnce(TooManyAtOnce.sentence % {"most": Count(MOST_ROWS_AT_ONCE, page.unit)})


def _use_up(user: User, rows: int) -> bool:
    day = clock.today()
    ExportDay.objects.get_or_create(user=user, day=day)
    left = ExportDay.objects.filter(user=user, day=day, rows__lte=MOST_ROWS_A_DAY - rows)
    return rows <= MOST_ROWS_A_DAY and bool(left.update(rows=F("rows") + rows))


@transaction.atomic
def take_allowed(*, public_id: str, acting_user: User) -> Taken:
    """Take what a second person allowed: once, within a week, and no more rows than he saw."""
    export = Export.objects.select_for_update().filter(public_id=public_id, user=acting_user).first()
    if export is None:
        raise NotFoundHere
    if export.taken_at is not None:
        raise TakenAlready
    if export.allowed_at is None or export.allowed_at + ALLOWED_FOR < clock.now():
        raise NotAllowedYet
    page = page_of(acting_user, export.kind, _pairs(export.query), export.about)
    require(acting_user, page.kind.export_right)
    wanted = chosen(page, export.columns.split(","))
    if len(wanted) != export.columns.count(",") + 1:
        raise NotAllowedYet  # the right to one of the columns is gone
    if page.count_up_to(None) > export.rows:
        raise GrownSince
    return _take(page, wanted, export, acting_user)


def _pairs(query: str) -> dict[str, str]:
    return dict(parse_qsl(query))


def _take(page: ListPage, wanted: Sequence[Column], export: Export, acting_user: User) -> Taken:
    at = clock.now()
    lines = lines_of(page, wanted)
    table = table_of(page, wanted, lines, export, at)
    content = written("xlsx", table) if export.way == Export.Way.XLSX else b""
    digest = hashlib.sha256(content or audit.canonical([table.title, *table.rows]).encode()).hexdigest()
    Export.objects.filter(pk=export.pk).update(taken_at=at, digest=digest, rows=len(lines))
    _note_looks(page, wanted, lines, export, acting_user)
    audit.record(
        TAKE, acting_user=acting_user, object_kind="export", object_id=export.pk, union_id=export.union_id,
        after={
            "list": export.kind, "columns": export.columns, "rows": len(lines), "way": export.way,
            "number": export.serial, "digest": digest, "conditions": page.asked.chosen(),
        },
        reason=export.purpose,
    )  # fmt: skip
    export.refresh_from_db()
    return Taken(export, table, content)


def _note_looks(
    page: ListPage, wanted: Sequence[Column], lines: Sequence[Line], export: Export, acting_user: User
) -> None:
    """Whoever's full numbers leave reads that they did, and for what; so does whoever a row tells a value of."""
    kind, codes = page.kind, [column.code for column in wanted]
    opened = [column.code for column in wanted if column.right]
    if opened and kind.look:
        after = {"columns": ",".join(opened), "number": export.serial}
        whole = [(line, kind.subject_kind, after) for line in lines]
        _note(kind.look, whole, export, acting_user)
    if kind.telling and kind.telling[0] in codes:
        telling = [(line, line.subject_kind, {**line.told, "number": export.serial}) for line in lines if line.told]
        _note(kind.telling[1], telling, export, acting_user)


def _note(action: str, looks: Sequence[tuple[Line, str, Mapping[str, str]]], export: Export, acting_user: User) -> None:
    rows = [
        audit.NewRow(subject, line.object_id, line.union_id, {}, dict(after), reason=export.purpose)
        for line, subject, after in looks
    ]
    audit.record_many(action, acting_user=acting_user, rows=rows)


@transaction.atomic
def answer(*, public_id: str, verdict: str, note: str = "", acting_user: User) -> Export:
    """The second person's answer; what is sent back takes one sentence."""
    export = Export.objects.filter(public_id=public_id).first()
    waiting = export and Approval.objects.filter(
        kind=APPROVAL_KIND, object_id=export.pk, decided_at__isnull=True
    ).first()  # fmt: skip
    if export is None or waiting is None:
        raise NotFoundHere
    if verdict == Approval.Verdict.RETURNED and not note.strip():
        raise AnswerNeedsWords(field="note")
    approvals.decide(public_id=waiting.public_id, verdict=verdict, note=note.strip(), acting_user=acting_user)
    return export
