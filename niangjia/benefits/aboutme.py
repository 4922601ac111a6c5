"""我的: name and household, what was received, who looked; and the facts one may hand in oneself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from niangjia.benefits.history import Received, received_by
from niangjia.benefits.holders import holders
from niangjia.benefits.wording import language
from niangjia.core import clock
from niangjia.core.errors import NotFoundHere
from niangjia.core.facts import Fact, facts
from niangjia.federation.actions import actions
from niangjia.federation.queries import OfficerCard, post_unions
from niangjia.federation.scopes import scope_of
from niangjia.people import looked, queries as people
from niangjia.providers.queries import providers_of

SHOWN_LOOKS = 100


@dataclass(frozen=True)
class Asked:
    """One fact that a person may hand in, at the record it belongs to."""

    fact: Fact
    kind: str
    id: int
    union_id: int
    whose: str
    # What the officer wrote when he sent the last paper back; empty when none was.
    sent_back: str = ""
    # When each paper came that nobody has answered yet.
    waiting: tuple[datetime, ...] = ()

    @property
    def label(self) -> str:
        """The fact's name in the page's language."""
        return self.fact.zh if language() == "zh" else self.fact.en

    @property
    def unit(self) -> str:
        """What stands behind the field for a value: yuan for money."""
        return _("yuan") if self.fact.type == "fen" else ""


def asked(user: Any, subject: str, key: str) -> Asked:
    """The fact behind an address, if the person can hand it in and the record is his; else `NotFoundHere`."""
    if key not in facts:
        raise NotFoundHere
    fact = facts.get(key)
    if not fact.recorded or fact.supplier != "person" or fact.subject not in {"person", "household"}:
        raise NotFoundHere
    from_mine = people.own_subjects(user, clock.today())
    if fact.subject == "household":
        ids = from_mine["household"] if subject == "household" else []
        cards = people.subject_cards("household", ids, today=clock.today())
    else:
        cards = people.subject_cards("person", from_mine["person"], today=clock.today())
        cards = {pk: card for pk, card in cards.items() if card.public_id == subject}
    card = next(iter(cards.values()), None)
    if card is None or not people.may_state_for(user, fact.subject, card.id):
        raise NotFoundHere
    mine = scope_of(user, "benefits.own:read").persons
    whose = "" if card.kind == "household" or card.id in mine else card.name
    notes = people.sent_back({card.kind: [card.id]})
    waiting = tuple(people.waiting_about(card.kind, card.id, fact.code).values_list("stated_at", flat=True))
    note = "" if waiting else notes.get((card.kind, card.id, fact.code), "")
    return Asked(fact, card.kind, card.id, card.union_id, whose, note, waiting)


@dataclass(frozen=True)
class Member:
    """One member of the household, as the register has it."""

    name: str
    relation: str
    since: date


@dataclass(frozen=True)
class Look:
    """One look at a sensitive value or paper."""

    at: datetime
    who: str
    what: str
    reason: str
    whose: str  # whose paper it was, where it is filed under another member
    unit: str = ""  # of whom, today
    fields: str = ""  # what of it was seen


@dataclass(frozen=True)
class AboutMe:
    """The page 我的."""

    persons: tuple[people.SubjectCard, ...]
    members: tuple[Member, ...]
    received: tuple[Received, ...]
    looks: tuple[Look, ...]
    earlier: int  # how many looks before these are not shown
    officer: OfficerCard | None


def about(user: Any, today: date, *, every_look: bool = False) -> AboutMe:
    """What the register holds of the reader, and who looked at it; newest look first, the last hundred or all."""
    subjects = people.own_subjects(user, today)
    mine = sorted(scope_of(user, "benefits.own:read").persons)
    cards = people.subject_cards("person", mine, today=today, numbers=True)
    # A child has no page of his own: who looked at him is told to those he lives with.
    home = people.subject_cards("person", subjects["person"], today=today)
    children = [pk for pk, card in home.items() if card.is_minor and pk not in cards]
    members = [
        Member(row.person.name, _relation(row), row.valid_from) for row in people.members_of(subjects["household"])
    ]
    received = [one for household_id in subjects["household"] for one in received_by(household_id)]
    union_ids = {card.union_id for card in cards.values()}
    offices = holders(union_ids, [])
    officer = next((found for pk in union_ids if (found := offices.of_town(pk, pk))), None)
    return AboutMe(
        tuple(cards.values()),
        tuple(members),
        tuple(received),
        *_looks(user, mine, children, every_look),
        officer,
    )


def _relation(row: Any) -> str:
    words = {
        "head": _("Head of household"), "spouse": _("Spouse"), "child": _("Child"), "parent": _("Parent"),
        "other": _("Other member"),
    }  # fmt: skip
    return words[row.relation]


def _looks(user: Any, mine: list[int], children: list[int], every_look: bool) -> tuple[tuple[Look, ...], int]:
    rows = {row.pk: row for row in [*looked.who_looked_at([*mine, *children]), *looked.looks_at_sent(user)]}
    found = [row for _pk, row in sorted(rows.items(), reverse=True)]
    shown = found if every_look else found[:SHOWN_LOOKS]
    others = {row.object_id for row in shown if row.object_kind == "person"} - looked.files_of(mine)
    cards = people.subject_cards("person", others, today=clock.today())
    actors = {row.actor_id for row in shown}
    units = {**providers_of(actors), **post_unions(actors)}
    return tuple(_look(row, cards, units) for row in shown), len(found) - len(shown)


def _look(row: Any, cards: dict[int, people.SubjectCard], units: dict[int, str]) -> Look:
    return Look(
        row.at, row.actor.display_name if row.actor else "", str(actions.get(row.action).sentence), row.reason,
        cards[row.object_id].name if row.object_kind == "person" and row.object_id in cards else "",
        units.get(row.actor_id, ""), looked.seen_in(row.action, row.after),
    )  # fmt: skip
