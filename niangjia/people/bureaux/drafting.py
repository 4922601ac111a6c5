"""Whom a new batch is about: those a list lacks a fact of, or those an officer picks."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from niangjia.accounts.models import User
from niangjia.core.facts import Fact, FactReading
from niangjia.federation.queries import descendants
from niangjia.federation.scopes import Scope
from niangjia.people.bureaux.offers import Unknown, unknown_lists
from niangjia.people.bureaux.suppliers import bureaus, bureaus_of
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
    known: str  # the newest value of the first fact, with its day
    is_lacking: bool


def candidates(scope: Scope, union_id: int, asked: Asked, today: date) -> list[Candidate]:
    """Households with an open file of difficulty below a union, or their members; who lacks a fact comes first."""
    ids = _ids(union_id, asked.subject)
    cards = subject_cards(asked.subject, ids, today=today, numbers=True, scope=scope)
    fact = asked.facts[0]
    readings = fact.read(ids, today)
    found = []
    for pk, card in cards.items():
        reading = readings.get(pk)
        known = f"{value_text(fact, reading.value)} {reading.on or ''}" if reading and reading.value is not None else ""
        lacking = _is_lacking(fact, reading, today)
        found.append(Candidate(card.public_id, card.name, card.masked_number, card.union_name, known.strip(), lacking))
    return sorted(found, key=lambda one: (not one.is_lacking, one.union_name, one.name))[:MOST_SHOWN]


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
