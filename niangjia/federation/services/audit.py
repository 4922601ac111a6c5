"""The audit trail: one row per act, in the act's transaction; sealed into a chain after commit."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction

from niangjia.accounts.models import User
from niangjia.core import clock, crypto
from niangjia.core.registries import Registry
from niangjia.federation.actions import actions
from niangjia.federation.models import AuditRow, AuditSeal, FeedMark

SEAL_BATCH = 2_000
READ_BATCH = 2_000
FIRST_LINK = "0" * 64


class NotInTransaction(Exception):
    """An audit row must be written in the transaction of the act it tells of."""


def canonical(value: Any) -> str:
    """One text for one value: sorted keys, no blanks, dates in ISO form."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_plain)


def _plain(value: Any) -> str:
    if isinstance(value, date | datetime):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no canonical form")


def record(
    action: str,
    *,
    acting_user: User | None,
    object_kind: str,
    object_id: int,
    union_id: int | None = None,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    reason: str = "",
) -> AuditRow:
    """Write one audit row; outside a transaction, or for an unregistered action, it raises."""
    if not connection.in_atomic_block:
        raise NotInTransaction(action)
    actions.get(action)
    return AuditRow.objects.create(
        at=clock.now(),
        actor=acting_user,
        action=action,
        object_kind=object_kind,
        object_id=object_id,
        union_id=union_id,
        before=canonical(before) if before else "",
        after=canonical(after) if after else "",
        reason=reason[:200],
    )


def row_text(row: AuditRow) -> str:
    """The canonical text of a row that the chain binds."""
    return canonical(
        [row.pk, row.at.astimezone(clock.LOCAL).isoformat(), row.actor_id, row.action, row.object_kind, row.object_id,
         row.union_id, row.before, row.after, row.reason]
    )  # fmt: skip


def link(previous: str, chain_no: int, row: AuditRow) -> str:
    """The digest of one link: the one before, its place, its row."""
    return crypto.chain_digest(f"{previous}\n{chain_no}\n{row_text(row)}")


@transaction.atomic
def seal_new_rows(limit: int = SEAL_BATCH) -> int:
    """Give unsealed rows their place in the chain; returns how many. One sealer at a time.

    System act. The mark row is locked, so that two sealers cannot fork the chain; the primary
    key on the place would stop the second anyway.
    """
    mark, _ = FeedMark.objects.get_or_create(reader="seal")
    FeedMark.objects.select_for_update().get(pk=mark.pk)
    last = AuditSeal.objects.order_by("-chain_no").first()
    place, previous = (last.chain_no, last.digest) if last else (0, FIRST_LINK)
    seals = []
    for row in AuditRow.objects.filter(seal__isnull=True).order_by("id")[:limit]:
        place += 1
        previous = link(previous, place, row)
        seals.append(AuditSeal(chain_no=place, row=row, digest=previous))
    AuditSeal.objects.bulk_create(seals)
    return len(seals)


@dataclass(frozen=True)
class Break:
    """Where the chain does not hold, and in what way."""

    chain_no: int
    what: str  # edited | missing | moved


def verify_chain() -> tuple[int, str, Break | None]:
    """Walk the whole chain; returns links seen, the head, and the first break if there is one."""
    previous, expected = FIRST_LINK, 0
    for seal in AuditSeal.objects.select_related("row").order_by("chain_no").iterator(chunk_size=2_000):
        expected += 1
        if seal.chain_no != expected:
            return expected - 1, previous, Break(expected, "missing")
        if link(previous, seal.chain_no, seal.row) != seal.digest:
            return expected - 1, previous, Break(seal.chain_no, "edited")
        previous = seal.digest
    return expected, previous, None


FeedReader = Callable[[Sequence[AuditRow]], None]
feed_readers: Registry[FeedReader] = Registry("feed readers")


def advance_feed() -> int:
    """Seal what is new and hand it to every registered reader, each from where it stopped.

    System act. A reader and its mark move in one transaction: after a crash it reads again.
    """
    while seal_new_rows() == SEAL_BATCH:
        pass
    return sum(_advance(code, feed_readers.get(code)) for code in feed_readers)


def _advance(code: str, reader: FeedReader) -> int:
    read = 0
    while True:
        with transaction.atomic():
            FeedMark.objects.get_or_create(reader=code)
            mark = FeedMark.objects.select_for_update().get(reader=code)
            seals = list(
                AuditSeal.objects.filter(chain_no__gt=mark.chain_no).select_related("row").order_by("chain_no")[:READ_BATCH]
            )
            if not seals:
                return read
            reader([seal.row for seal in seals])
            FeedMark.objects.filter(pk=mark.pk).update(chain_no=seals[-1].chain_no)
            read += len(seals)


def skip_feed() -> None:
    """Move every reader to the end of the chain: after seeding, everything is decided by a full sweep."""
    while seal_new_rows():
        pass
    last = AuditSeal.objects.order_by("-chain_no").values_list("chain_no", flat=True).first() or 0
    for code in feed_readers:
        FeedMark.objects.update_or_create(reader=code, defaults={"chain_no": last})
