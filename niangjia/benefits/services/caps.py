"""The last guard at granting: no programmes and no editions together give more than a cap allows."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from django.db import connection
from django.db.models import F
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext as _, gettext_lazy

from niangjia.benefits.models import ListRow, PastServing, Received
from niangjia.benefits.names import names_of
from niangjia.benefits.received import CASH, Grant, counted
from niangjia.core import clock
from niangjia.core.errors import Refusal
from niangjia.core.money import yuan
from niangjia.federation.listing.units import Count
from niangjia.people.merged import absorbed_by
from niangjia.policy import queries as policy
from niangjia.policy.services import feed

_PERSON = re.compile(r"person:(\d+)")
Key = tuple[str, str, str]  # kind, holder, period
RAISE = (
    "INSERT INTO benefits_received (kind, holder, period, fen, times) VALUES (%s, %s, %s, %s, %s) "
    "ON CONFLICT (kind, holder, period) DO UPDATE SET fen = benefits_received.fen + excluded.fen, "
    "times = benefits_received.times + excluded.times"
)


class OverCap(Refusal):
    """Somebody would be given more than a cap allows."""


class CapUnclear(Refusal):
    """A cap is kept for somebody who is not known."""


@dataclass(frozen=True)
class _Held:
    """One cap of a programme as it applies to one grant."""

    cap: policy.CapCard
    key: Key
    measure: str
    adds: int


def hold_under_caps(*, rows: Sequence[ListRow], card: policy.VersionCard) -> None:
    """Count what these rows give and refuse all where a cap would be passed. System act, inside the freezing."""
    grants = [(row, grant_of(row, card)) for row in rows]
    held = [(row, one) for row, grant in grants for one in _held(row, grant, card)]
    guarded = {(one.key, one.measure) for _row, one in held}
    adds: dict[Key, list[int]] = defaultdict(lambda: [0, 0])
    for _row, grant in grants:
        for key, fen in _keys(grant):
            adds[key][0] += 0 if (key, "fen") in guarded else fen
            adds[key][1] += 0 if (key, "times") in guarded else 1
    # In one order for everybody, so that two lists at once wait for each other and never in a circle.
    _add({key: (fen, times) for key, (fen, times) in sorted(adds.items())})
    done: set[tuple[int, Key, str]] = set()
    for row, one in sorted(held, key=lambda pair: pair[1].cap.limit):
        _raise_below(row, one, is_counted=(row.pk, one.key, one.measure) in done)
        done.add((row.pk, one.key, one.measure))
    _redecide(rows)


def give_back(*, rows: Iterable[ListRow]) -> None:
    """Count these rows no longer: they left their list. System act."""
    rows = list(rows)
    cards = policy.cards_of({row.frozen_list.version_id for row in rows})
    takes: dict[Key, list[int]] = defaultdict(lambda: [0, 0])
    for row in rows:
        for key, fen in _keys(grant_of(row, cards[row.frozen_list.version_id])):
            takes[key][0] -= fen
            takes[key][1] -= 1
    for (kind, holder, period), (fen, times) in sorted(takes.items()):
        Received.objects.filter(kind=kind, holder=holder, period=period).update(
            fen=F("fen") + fen, times=F("times") + times
        )
    _redecide(rows)


def count_past(rows: Iterable[PastServing]) -> None:
    """Count what was given on paper, each on its own day. System act."""
    _add(_past(rows, 1))


def uncount_past(rows: Iterable[PastServing]) -> None:
    """Count it no longer: the roster that brought it is taken back. System act."""
    for (kind, holder, period), (fen, times) in _past(rows, -1).items():
        Received.objects.filter(kind=kind, holder=holder, period=period).update(
            fen=F("fen") + fen, times=F("times") + times
        )


def _past(rows: Iterable[PastServing], sign: int) -> dict[Key, tuple[int, int]]:
    """By key, in one order for everybody: fen and times."""
    adds: dict[Key, list[int]] = defaultdict(lambda: [0, 0])
    for row in rows:
        subject = f"{row.subject_kind}:{row.subject_id}"
        grant = Grant(subject, row.household_id, subject, row.served_on, (CASH,), row.amount_fen or 0, CASH)
        for key, fen in _keys(grant):
            adds[key][0] += sign * fen
            adds[key][1] += sign
    return {key: (fen, times) for key, (fen, times) in sorted(adds.items())}


def grant_of(row: ListRow, card: policy.VersionCard) -> Grant:
    """A row of a list as it is counted."""
    priced = next((give.kind for give in card.gives if give.has_amount), "")
    return Grant(
        f"{row.subject_kind}:{row.subject_id}", row.household_id, _payee(row, card), row.frozen_list.registry_day,
        tuple(dict.fromkeys(give.kind for give in card.gives)), row.amount_fen or 0, priced,
    )  # fmt: skip


def _payee(row: ListRow, card: policy.VersionCard) -> str:
    own = f"{row.subject_kind}:{row.subject_id}"
    if card.payee == row.subject_kind:
        return own
    if card.payee == "household":
        return own if row.household_id is None else f"household:{row.household_id}"
    return f"union:{row.union_id}" if card.payee == "union" else ""


def _keys(grant: Grant) -> Iterable[tuple[Key, int]]:
    for kind in grant.kinds:
        for holder, period in grant.each():
            yield (kind, holder, period), grant.fen if kind == grant.priced else 0


def _held(row: ListRow, grant: Grant, card: policy.VersionCard) -> Iterable[_Held]:
    for cap in card.caps:
        what = counted(cap.received)
        if what is None or what.kind not in grant.kinds:
            continue
        holder = grant.holder(cap.per)
        if not holder:
            raise CapUnclear(
                format_lazy(
                    gettext_lazy(
                        "“{cap}” is kept for each {whom}, and for {who} that is not known. Nothing was frozen; "
                        "put this one on hold until it is."
                    ),
                    cap=cap.label, whom=_whom(cap.per), who=_who(row),
                )
            )  # fmt: skip
        adds = 1 if what.measure == "times" else (grant.fen if what.kind == grant.priced else 0)
        yield _Held(cap, (what.kind, holder, grant.period(cap.per)), what.measure, adds)


def _add(adds: dict[Key, tuple[int, int]]) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(RAISE, [(*key, fen, times) for key, (fen, times) in adds.items()])


def _raise_below(row: ListRow, one: _Held, *, is_counted: bool) -> None:
    """Add to what was received, in the database and only up to the cap; what another cap has added is only compared."""
    kind, holder, period = one.key
    adds, before = 0 if is_counted else one.adds, _under_old_files(one)
    found = Received.objects.filter(kind=kind, holder=holder, period=period)
    room = one.cap.limit - adds - before
    if found.filter(**{f"{one.measure}__lte": room}).update(**{one.measure: F(one.measure) + adds}):
        return
    given = before + (found.values_list(one.measure, flat=True).first() or 0)
    raise OverCap(_sentence(row, one, given), field="rows")


def _under_old_files(one: _Held) -> int:
    """What was counted under files that went into the holder's: nothing is added there any more."""
    kind, holder, period = one.key
    person = _PERSON.search(holder)
    if person is None:
        return 0
    old = [_PERSON.sub(f"person:{pk}", holder) for pk in absorbed_by(int(person[1]))]
    given = Received.objects.filter(kind=kind, holder__in=old, period=period).values_list(one.measure, flat=True)
    return sum(given)


def _sentence(row: ListRow, one: _Held, given: int) -> Promise:
    shown: Callable[[int], str] = (
        (lambda fen: _("%(yuan)s yuan") % {"yuan": yuan(fen)}) if one.measure == "fen"
        else (lambda times: str(Count(times, "time")))
    )  # fmt: skip
    found: Promise = format_lazy(
        gettext_lazy(
            "{who}: “{cap}” allows {limit} for each {whom}; {given} were given already, so {left} remain, and this "
            "list would give {adds}. Nothing was frozen. Put this one on hold, or freeze again once the amount is "
            "worked out anew."
        ),
        who=_who(row), cap=one.cap.label, limit=shown(one.cap.limit), whom=_whom(one.cap.per), given=shown(given),
        left=shown(max(0, one.cap.limit - given)), adds=shown(one.adds),
    )  # fmt: skip
    return found


def _who(row: ListRow) -> str:
    return names_of([row], today=clock.today(), numbers=False)[row.subject_kind, row.subject_id].name


def _whom(per: Iterable[str]) -> str:
    words = {
        "person": _("person"), "household": _("household"), "employer": _("employer"), "union": _("union"),
        "payee": _("payee"), "year": _("year"), "month": _("month"),
    }  # fmt: skip
    return _(" and ").join(words[word] for word in per)


def _redecide(rows: Iterable[ListRow]) -> None:
    """What was received is a fact: programmes that ask about it decide again about these subjects."""
    changed: feed.Changed = defaultdict(set)
    for row in rows:
        changed[row.subject_kind].add(row.subject_id)
        if row.household_id is not None:
            changed["household"].add(row.household_id)
    feed.facts_changed(changed, lambda code: counted(code) is not None)
