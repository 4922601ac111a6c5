"""Who has one of a few places and who waits, worked out from everybody who meets the rule now.

The places of a version are those of its area: they are shared out over everybody, whatever part of it
an officer sees. Who stands on a live list of the version holds a place; who is on hold has stepped
aside. People appear in files under a number that the installation's key makes: nobody else can tell
whose it is, and each finds the own one on the own page.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from niangjia.benefits.candidates import Candidate, candidates
from niangjia.benefits.models import Draw, ListRow
from niangjia.benefits.periods import period_of
from niangjia.benefits.placesection import NEVER_SERVED, PlacesRule, places_of
from niangjia.core import clock
from niangjia.core.crypto import keyed_index
from niangjia.engines import allocation
from niangjia.federation.scopes import system_scope
from niangjia.policy import queries as policy

Subject = tuple[str, int]
# The group, before all others, of those whom an earlier draw has put in order.
SETTLED = -1
PLACED, DRAWN, WAITING, UNKNOWN, ASIDE = "placed", "drawn", "waiting", "unknown", "aside"


def number_of(card: policy.VersionCard, kind: str, pk: int) -> str:
    """The number under which somebody appears in the files of a version."""
    return keyed_index("place", f"{card.public_id}:{kind}:{pk}")[:12]


@dataclass(frozen=True)
class Stand:
    """Where one stands: placed with the place number, waiting with the turn, in the draw, unknown, or aside.

    `shared`: how many equals have the same turn, while no lots were drawn.
    """

    code: str
    number: int | None = None
    shared: int = 1
    group: str = ""
    group_number: int | None = None


@dataclass(frozen=True)
class GroupLine:
    """One priority group: how many of it have a place, are in the draw, wait."""

    name: str
    all: int
    placed: int
    drawn: int
    waiting: int


@dataclass(frozen=True)
class Places:
    """The places of one version as they stand now."""

    card: policy.VersionCard
    rule: PlacesRule
    found: allocation.Allocation
    entrants: tuple[allocation.Entrant, ...]
    held: tuple[str, ...]
    draw: Draw | None
    settled: tuple[str, ...] = ()  # whom an earlier draw has put in order

    @cached_property
    def _stands(self) -> dict[str, Stand]:
        groups = {one.id: one.group for one in self.entrants}
        many = dict(self.found.equals)
        found: dict[str, Stand] = {}
        for code in (PLACED, DRAWN, WAITING, UNKNOWN):
            number, shared, left = 0, 1, 0
            for at, id in enumerate(getattr(self.found, code), start=1):
                if left == 0:
                    number, shared = at, many.get(id, 1) if code == WAITING else 1
                    left = shared
                left -= 1
                group = groups.get(id)
                counted = number if code in (PLACED, WAITING) else None
                found[id] = Stand(code, counted, shared, self.rule.group_name(group), group)
        return found

    def of(self, kind: str, pk: int) -> Stand:
        """Where somebody stands; aside for who is on hold, or is served under another edition."""
        return self._stands.get(number_of(self.card, kind, pk), Stand(ASIDE))

    def order(self, one: Candidate) -> tuple[int, int]:
        """What puts a list in the order of the places: placed, in the draw, waiting, unknown, aside."""
        stand = self.of(one.subject_kind, one.subject_id)
        return (PLACED, DRAWN, WAITING, UNKNOWN, ASIDE).index(stand.code), stand.number or 0

    @property
    def groups(self) -> list[GroupLine]:
        """Each named group with its numbers, in the order of priority."""
        stands = list(self._stands.values())
        return [
            GroupLine(name, *(sum(one.group_number == at and one.code in codes for one in stands) for codes in (
                (PLACED, DRAWN, WAITING), (PLACED,), (DRAWN,), (WAITING,))))
            for at, name in enumerate(self.rule.groups, start=1)
        ]  # fmt: skip

    @property
    def can_draw(self) -> bool:
        """Whether equals want the last places or share a turn, and no list is fixed for a draw yet."""
        return bool(self.found.drawn or self.found.equals) and not self.draw_is_open

    @property
    def draw_is_open(self) -> bool:
        """Whether a list is fixed and its seed is not there yet."""
        return self.draw is not None and not hasattr(self.draw, "seed")

    def as_draw(self, seed: allocation.Seed) -> allocation.Draw:
        """What a draw of these people would fix; whom an earlier draw has put in order stays so, before the others."""
        title = f"{self.card.name} {self.card.document_number}".strip()
        first = {id: at for at, id in enumerate(self.settled)}
        entrants = tuple(
            replace(one, group=SETTLED, rank=first[one.id]) if one.id in first else one for one in self.entrants
        )
        return allocation.Draw(title, self.rule.number, entrants, seed, self.held)

    def file(self) -> str:
        """The file that shows how things stand: of the draw where there is one, else of the order alone."""
        if self.draw is None:
            return allocation.write_draw(self.as_draw(allocation.Seed("", clock.today())))
        return allocation.write_draw(drawn(self.draw).with_declined(self.found.declined))


def places_now(card: policy.VersionCard) -> Places | None:
    """The places of a version today; None where they are not limited. A fixed number of queries."""
    rule = places_of(card)
    if rule is None or rule.share:
        return None
    period = period_of(card, clock.today())
    found = candidates(system_scope(), card)
    rows = ListRow.objects.filter(frozen_list__version_id=card.id, period=period, excluded_at__isnull=True).order_by(
        "frozen_list_id", "position"
    )
    holders = [number_of(card, row.subject_kind, row.subject_id) for row in rows]
    entrants = _entrants(card, rule, found, holders)
    draw = Draw.objects.filter(version_id=card.id, period=period).select_related("seed").order_by("-number").first()
    shared, settled = _shared_out(rule.number, entrants, holders, draw)
    return Places(card, rule, shared, entrants, tuple(holders), draw, settled)


def _entrants(
    card: policy.VersionCard, rule: PlacesRule, found: Sequence[Candidate], holders: Sequence[str]
) -> tuple[allocation.Entrant, ...]:
    ids = {id(one): number_of(card, one.subject_kind, one.subject_id) for one in found}
    holding = set(holders)
    wanting = [one for one in found if ids[id(one)] in holding or one.can_be_frozen]
    ranks = policy.ranks([one.decision_id for one in wanting])
    # In files a rank is its place among the ranks: how many months somebody owes is nobody else's business.
    places = {key: at for at, key in enumerate(sorted({r.key for r in ranks.values() if r.key is not None}))}
    entrants = {
        ids[id(one)]: allocation.Entrant(
            ids[id(one)], ranks[one.decision_id].group, _place(ranks[one.decision_id].key, places), _tie(rule, one)
        )
        for one in wanting
    }
    # Who holds a place and no longer meets the rule keeps it: the list stands as it was frozen.
    for holder in holders:
        entrants.setdefault(holder, allocation.Entrant(holder, None, None))
    return tuple(entrants.values())


def _place(key: int | str | None, places: Mapping[int | str, int]) -> int | None:
    return None if key is None else places[key]


def _tie(rule: PlacesRule, one: Candidate) -> tuple[int, ...]:
    return tuple(int(not one.first_time) for tie in rule.ties if tie == NEVER_SERVED)


def _shared_out(
    places: int, entrants: Iterable[allocation.Entrant], holders: Sequence[str], draw: Draw | None
) -> tuple[allocation.Allocation, tuple[str, ...]]:
    """Those of a finished draw in its order, whoever came later behind them; and whom the draw has put in order."""
    known = {one.id: one for one in entrants}
    if draw is None or not hasattr(draw, "seed"):
        return allocation.allocate(known.values(), places, held=holders), ()
    fixed = drawn(draw)
    listed = {one.id for one in fixed.entrants if one.is_known}
    late = [id for id in holders if id not in listed]
    first = allocation.allocate(
        [*(one for one in fixed.entrants if one.id in listed), *(known[id] for id in late)],
        places,
        ticket=lambda id: allocation.ticket(draw.list_hash, draw.seed.value, id),
        held=holders,
        declined=sorted(listed - known.keys()),
    )
    rest = [one for one in known.values() if one.id not in listed and one.id not in late]
    second = allocation.allocate(rest, max(0, places - len(first.placed)))
    shared = allocation.Allocation(
        places, first.placed + second.placed, second.drawn, second.left, first.waiting + second.waiting,
        second.unknown, first.declined, second.equals,
    )  # fmt: skip
    return shared, first.placed + first.waiting


def drawn(draw: Draw) -> allocation.Draw:
    """The draw behind a row: its list as it was fixed, with the seed where that is there."""
    whole = {
        "committed": json.loads(draw.committed), "list_hash": draw.list_hash,
        "seed": draw.seed.value if hasattr(draw, "seed") else "", "declined": [],
        "result": dict.fromkeys(("placed", "drawn", "left", "waiting", "unknown")),
    }  # fmt: skip
    return allocation.read_draw(json.dumps(whole, ensure_ascii=False))
