"""The audit trail: one row per act, in the act's transaction; sealed into a chain after commit."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection, transaction

from niangjia.accounts.models import User
from niangjia.core import clock, crypto
from niangjia.core.newrows import NotInTransaction, write_rows
from niangjia.core.registries import Registry
from niangjia.federation.actions import actions
from niangjia.federation.models import AuditRow, AuditSeal, AuditWaiting, FeedMark

SEAL_BATCH = 2_000
READ_BATCH = 2_000
FIRST_LINK = "0" * 64


def canonical(value: Any) -> str:
    """One text for one value: sorted keys, no blanks, dates in ISO form."""
    return _CANONICAL.encode(value)


def _plain(value: Any) -> str:
    if isinstance(value, date | datetime):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no canonical form")


_CANONICAL = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_plain)


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


@dataclass(frozen=True)
class NewRow:
    """One of many acts of one kind: what it was about, and what changed."""

    object_kind: str
    object_id: int
    union_id: int | None
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    reason: str = ""


_COLUMNS = ("at", "actor", "action", "object_kind", "object_id", "union_id", "before", "after", "reason")


def record_many(action: str, *, acting_user: User | None, rows: Iterable[NewRow]) -> None:
    """Write one audit row for each of many acts of one kind, as `record` does for one."""
    if not connection.in_atomic_block:
        raise NotInTransaction(action)
    actions.get(action)
    at, actor = clock.now(), acting_user and acting_user.pk
    told = (
        (
            at, actor, action, row.object_kind, row.object_id, row.union_id,
            canonical(row.before) if row.before else "", canonical(row.after) if row.after else "", row.reason[:200],
        )
        for row in rows
    )  # fmt: skip
    write_rows(AuditRow, _COLUMNS, told)


def later_acts(kind: str, ids: Collection[int], after_row: int) -> dict[int, AuditRow]:
    """The first act (no look) about each of these objects behind a place in the trail."""
    rows = AuditRow.objects.filter(object_kind=kind, object_id__in=ids, pk__gt=after_row).select_related("actor")
    looks = [action.code for action in actions.all() if action.look]
    found: dict[int, AuditRow] = {}
    for row in rows.exclude(action__in=looks).order_by("pk"):
        found.setdefault(row.object_id, row)
    return found


def objects_today(action: str, user: User) -> set[int]:
    """Which objects a user's acts of one kind were about today."""
    begun = clock.end_of(clock.today() - timedelta(days=1))
    rows = AuditRow.objects.filter(actor=user, action=action, at__gte=begun)
    return set(rows.values_list("object_id", flat=True))


def row_text(row: AuditRow) -> str:
    """The canonical text of a row that the chain binds."""
    return _text_of(
        [row.pk, row.at, row.actor_id, row.action, row.object_kind, row.object_id, row.union_id, row.before, row.after,
         row.reason]
    )  # fmt: skip


def _text_of(columns: list[Any]) -> str:
    pk, at, *rest = columns
    return canonical([pk, at.astimezone(clock.LOCAL).isoformat(), *rest])


def link(previous: str, chain_no: int, row: AuditRow) -> str:
    """The digest of one link: the one before, its place, its row."""
    return _link(previous, chain_no, row_text(row))


def _link(previous: str, chain_no: int, text: str) -> str:
    return crypto.chain_digest(f"{previous}\n{chain_no}\n{text}")


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
    waiting = AuditWaiting.objects.order_by("row_id").values_list("row_id", flat=True)[:limit]
    for row in AuditRow.objects.filter(pk__in=list(waiting)).order_by("id"):
        place += 1
        previous = link(previous, place, row)
        seals.append(AuditSeal(chain_no=place, row=row, digest=previous))
    AuditSeal.objects.bulk_create(seals)
    return len(seals)


def seal_all() -> None:
    """Give every waiting row its place in the chain. System act."""
    while has_unsealed() and seal_new_rows() == SEAL_BATCH:
        pass


def has_unsealed() -> bool:
    """Whether any row waits for its place in the chain."""
    # In the order of the key: along its index the rows that were sealed a moment ago are passed over quickly.
    return AuditWaiting.objects.order_by("row_id").values_list("row_id", flat=True).first() is not None


@dataclass(frozen=True)
class Break:
    """Where the chain does not hold, and in what way."""

    chain_no: int
    what: str  # edited | missing | shorter | rewritten


@dataclass(frozen=True)
class ChainState:
    """What a walk along the whole chain found: links that hold, the head, the first break if any."""

    links: int
    head: str
    broken: Break | None
    unsealed: int  # rows that wait for their place

    @property
    def head_note(self) -> str:
        """The head as it is noted outside: place and digest."""
        return f"{self.links}:{self.head}"


def head_note() -> str:
    """The chain's last place and digest as they stand, without a walk: to be noted outside."""
    last = AuditSeal.objects.order_by("-chain_no").first()
    return f"{last.chain_no}:{last.digest}" if last else f"0:{FIRST_LINK}"


def parse_head(text: str) -> tuple[int, str]:
    """A head noted earlier (`place:digest`); anything else raises ValueError."""
    place, _, digest = text.strip().partition(":")
    if not place.isdigit() or len(digest) != len(FIRST_LINK):
        raise ValueError(text)
    return int(place), digest.lower()


_ROW_COLUMNS = (
    "row__id", "row__at", "row__actor_id", "row__action", "row__object_kind", "row__object_id", "row__union_id",
    "row__before", "row__after", "row__reason",
)  # fmt: skip


def verify_chain(*noted: tuple[int, str] | None) -> ChainState:
    """Walk the whole chain; with heads that were noted outside, a shortened or rewritten chain shows too.

    The chain alone cannot tell that its end was cut off, or that somebody with the key computed it
    anew: that takes a noted head. One noted at any time will do, and of several each is compared.
    """
    # Looked for row by row, for whoever adds rows behind the database's back adds none to those that wait.
    unsealed = AuditRow.objects.filter(seal__isnull=True).count()
    heads = [head for head in noted if head is not None]
    place, previous, broken = walk(0, FIRST_LINK, heads)
    if broken is None and any(head > place for head, _digest in heads):
        broken = Break(place + 1, "shorter")
    return ChainState(place, previous, broken, unsealed)


def walk(
    place: int, previous: str, heads: Collection[tuple[int, str]], until: int | None = None
) -> tuple[int, str, Break | None]:
    """Along the chain from a place that holds, to its end or to a place: where one stands, its digest, the break."""
    seals = AuditSeal.objects.filter(chain_no__gt=place).order_by("chain_no")
    if until is not None:
        seals = seals.filter(chain_no__lte=until)
    for chain_no, digest, *row in seals.values_list("chain_no", "digest", *_ROW_COLUMNS).iterator(READ_BATCH):
        if chain_no != place + 1:
            return place, previous, Break(place + 1, "missing")
        if _link(previous, chain_no, _text_of(row)) != digest:
            return place, previous, Break(chain_no, "edited")
        if any(head == chain_no and noted != digest for head, noted in heads):
            return place, previous, Break(chain_no, "rewritten")
        previous, place = digest, chain_no
    return place, previous, None


FeedReader = Callable[[Sequence[AuditRow]], None]
feed_readers: Registry[FeedReader] = Registry("feed readers")


def advance_feed() -> int:
    """Seal what is new and hand it to every registered reader, each from where it stopped.

    System act. A reader and its mark move in one transaction: after a crash it reads again.
    """
    seal_all()
    return sum(_advance(code, feed_readers.get(code)) for code in feed_readers)


def _advance(code: str, reader: FeedReader) -> int:
    read = 0
    while _has_more(code):
        with transaction.atomic():
            FeedMark.objects.get_or_create(reader=code)
            mark = FeedMark.objects.select_for_update().get(reader=code)
            seals = list(
                AuditSeal.objects.filter(chain_no__gt=mark.chain_no)
                .select_related("row")
                .order_by("chain_no")[:READ_BATCH]
            )
            if not seals:
                break  # another process was faster
            reader([seal.row for seal in seals])
            FeedMark.objects.filter(pk=mark.pk).update(chain_no=seals[-1].chain_no)
            read += len(seals)
    return read


def _has_more(code: str) -> bool:
    # Asked before any lock is taken: nearly every call finds nothing new.
    mark = FeedMark.objects.filter(reader=code).values_list("chain_no", flat=True).first() or 0
    return AuditSeal.objects.filter(chain_no__gt=mark).exists()


def skip_feed() -> None:
    """Move every reader to the end of the chain: after seeding, everything is decided by a full sweep."""
    seal_all()
    last = AuditSeal.objects.order_by("-chain_no").values_list("chain_no", flat=True).first() or 0
    for code in feed_readers:
        FeedMark.objects.update_or_create(reader=code, defaults={"chain_no": last})
