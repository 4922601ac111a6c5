"""Whom a new batch is about: those a list lacks a fact of, or those an officer picks."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from niangjia.accounts.models import User
from niangjia.core.facts import Fact, FactReading
from niangjia.federation.listing.units import Count
from niangjia.federation.queries import descendants
from niangjia.federation.scopes import Scope
from niangjia.people.bureaux.batches import asked_already
from niangjia.people.bureaux.offers import Unknown, unknown_lists
from niangjia.people.bureaux.suppliers import bureaus, bureaus_of, key_of
from niangjia.people.models import HardshipFile, Household, HouseholdMember, Person
from niangjia.people.queries import subject_cards
from niangjia.people.shown import label_of, value_text

MOST_SHOWN = 300


@dataclass(frozen=True)
class Asked:
    """The bureau and what it can be asked about one kind of subject."""

    bureau: str
    facts: tuple[Fact, ...]

    @property
    def subject(self) -> str:
        """household or person."""
        return self.facts[0].subject

    @property
    def labels(self) -> str:
        """The facts in the reader's language."""
        return " · ".join(label_of(fact) for fact in self.facts)


def questions() -> list[Asked]:
    """Every bureau with what it can answer, once for each kind of subject."""
    found = []
    for bureau, some in bureaus().items():
        for subject in ("household", "person"):
            about = tuple(fact for fact in some if fact.subject == subject)
            if about:
                found.append(Asked(bureau, about))
    return found


def question(bureau: str, subject: str) -> Asked | None:
    """One of them."""
    return next((one for one in questions() if one.bureau == bureau and one.subject == subject), None)


def from_list(user: User, source: str, key: str, bureau: str = "") -> tuple[Unknown, Asked] | None:
    """Those a list lacks one fact of, and the bureau that answers it; None where no bureau does."""
    code, _colon, list_id = source.partition(":")
    able = bureaus_of(key)
    if code not in unknown_lists or not able:
        return None
    asked = question(bureau if bureau in able else able[0], key.partition(".")[0])
    return None if asked is None else (unknown_lists.get(code)(user, list_id, key), asked)


@dataclass(frozen=True)
class Candidate:
    """Somebody an officer may pick."""

    public_id: str
    name: str
    masked_number: str
    union_name: str
    known: str  # the newest value of the fact, with its day
    is_lacking: bool  # unknown or out of date, and this bureau is not being asked about it already
    is_asked: bool


@dataclass(frozen=True)
class Pick:
    """Whom an officer may pick from by one fact: all of them counted, and as many as a page holds."""

    fact: Fact
    shown: tuple[Candidate, ...]
    whole: Count
    lacking_ids: tuple[int, ...]

    @property
    def lacking(self) -> Count:
        """How many lack the fact, on the page or not."""
        return Count(len(self.lacking_ids), self.whole.unit)

    @property
    def is_cut(self) -> bool:
        """Whether the page holds the first of them only."""
        return self.whole.number > len(self.shown)

    @property
    def hides_lacking(self) -> bool:
        """Whether some who lack the fact do not stand on the page: only the whole of them can be taken."""
        return len(self.lacking_ids) > len(self.shown)


def pick_from(scope: Scope, union_id: int, asked: Asked, fact: Fact, today: date) -> Pick:
    """Households with an open file of difficulty below a union, or their members; who lacks a fact comes first."""
    standing = {
        home or person: person
        for person, home in who_stands_for(asked.subject, _ids(union_id, asked.subject), union_id)
    }
    waiting = asked_already(asked.bureau, [key_of(fact)], list(standing.values()))
    cards = subject_cards(asked.subject, standing, today=today, numbers=True, scope=scope)
    readings = fact.read(list(standing), today)
    found = []
    for pk, card in cards.items():
        reading, is_asked = readings.get(pk), standing[pk] in waiting
        known = f"{value_text(fact, reading.value)} {reading.on or ''}" if reading and reading.value is not None else ""
        lacking = not is_asked and _is_lacking(fact, reading, today)
        told = (card.public_id, card.name, card.masked_number, card.union_name, known.strip(), lacking, is_asked)
        found.append((pk, Candidate(*told)))
    found.sort(key=lambda pair: (not pair[1].is_lacking, pair[1].union_name, pair[1].name))
    shown = tuple(one for _pk, one in found[:MOST_SHOWN])
    return Pick(fact, shown, Count(len(found), asked.subject), tuple(pk for pk, one in found if one.is_lacking))


def who_stands_for(subject: str, ids: Collection[int], union_id: int) -> list[tuple[int, int | None]]:
    """Whose number stands for each subject below a union: the person, or the head; with the household."""
    below = descendants(union_id)
    if subject == "household":
        heads = HouseholdMember.objects.filter(
            household_id__in=list(ids), household__union_id__in=below, person__union_id__in=below, relation="head",
            valid_to__isnull=True,
        )  # fmt: skip
        return list(heads.order_by("household_id").values_list("person_id", "household_id"))
    rows = Person.objects.filter(pk__in=list(ids), union_id__in=below).order_by("pk")
    return [(pk, None) for pk in rows.values_list("pk", flat=True)]


def _ids(union_id: int, subject: str) -> list[int]:
    below = descendants(union_id)
    open_files = HardshipFile.objects.filter(exited_on__isnull=True, household__union_id__in=below)
    homes = open_files.order_by("household_id").values_list("household_id", flat=True)
    if subject == "household":
        return list(homes)
    members = HouseholdMember.objects.filter(household_id__in=homes, valid_to__isnull=True).order_by("pk")
    return list(members.values_list("person_id", flat=True))


def _is_lacking(fact: Fact, reading: FactReading | None, today: date) -> bool:
    if reading is None or reading.value is None:
        return True
    stale = fact.stale_after_days
    return stale is not None and reading.on is not None and reading.on + timedelta(days=stale) < today


def ids_of(subject: str, public_ids: Collection[str], union_id: int) -> list[int]:
    """The picked ones that lie below a union."""
    model = Household if subject == "household" else Person
    rows = model.objects.filter(public_id__in=public_ids, union_id__in=descendants(union_id))
    return list(rows.values_list("pk", flat=True))
