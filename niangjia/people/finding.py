"""The one search box: persons with their households, employers and unions in scope, by what people say or type.

A name, its pinyin letters or syllables, a whole number, the last four places of one, an employer, a place.
Of several words, those that name a place or an employer narrow what the others ask for.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from django.db import connection
from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Collate
from django.utils.translation import gettext as _

from niangjia.accounts.phones import normalise_or_none
from niangjia.core import crypto
from niangjia.core.spellings import in_any_spelling, plain
from niangjia.federation.listing.kinds import pages_of
from niangjia.federation.listing.units import Count
from niangjia.federation.queries import descendants, unions_in
from niangjia.federation.scopes import Scope
from niangjia.people.models import Employer, EmploymentSpell, HouseholdMember, Person
from niangjia.people.models.person import searched_name
from niangjia.people.readings import typed_reading

MOST = 20
MOST_PLACES = 8
TAIL = 4
MOST_OF_A_TAIL = 1_000
CREDIT_CODE = 18
_LAST = "\U0010ffff"
_SHOWN = ("public_id", "name", "born_on", "union__name")


@dataclass(frozen=True)
class PersonHit:
    """One person found: with the household and its head, where there is one."""

    person: Person
    url: str
    household_url: str
    head_name: str


@dataclass(frozen=True)
class Found:
    """What the box found; `more` when not all persons are shown."""

    persons: tuple[PersonHit, ...] = ()
    employers: tuple[Employer, ...] = ()
    unions: tuple[Any, ...] = ()
    more: bool = False
    more_employers: bool = False
    more_unions: bool = False

    @property
    def counts(self) -> list[Count]:
        """How many of each are shown, each with its unit."""
        found = (
            (len(self.persons), "person", self.more), (len(self.employers), "employer", self.more_employers),
            (len(self.unions), "union", self.more_unions),
        )  # fmt: skip
        return [Count(number, unit, at_least) for number, unit, at_least in found if number]

    @property
    def told(self) -> str:
        """The same in one line, for those who hear the page."""
        return _(", ").join(str(count) for count in self.counts)


def find(scope: Scope, text: str) -> Found:
    """What lies in scope and answers to what was typed."""
    words = plain(text).split()
    if not words:
        return Found()
    spoken = searched_name("".join(words))
    persons = _persons(scope, spoken, Q())
    if not persons and plain(text) != text:  # as it was typed, for a name that was entered so
        persons = _persons(scope, searched_name(text), Q())
    if not persons and len(words) > 1:
        persons = _narrowed(scope, words)
    more, persons = len(persons) > MOST, persons[:MOST]
    firms, unions = _employers(scope, spoken), _unions(scope, spoken)
    return Found(
        with_homes(persons), tuple(firms[:MOST_PLACES]), tuple(unions[:MOST_PLACES]), more,
        len(firms) > MOST_PLACES, len(unions) > MOST_PLACES,
    )  # fmt: skip


def _narrowed(scope: Scope, words: list[str]) -> list[Person]:
    """Persons of a name at a place or with an employer: 车前草 霜降镇."""
    within, names = Q(), []
    for word in words:
        narrower = _place_or_employer(scope, word)
        if narrower is None:
            names.append(word)
        else:
            within &= narrower
    return _persons(scope, searched_name("".join(names)), within) if names and within else []


def _place_or_employer(scope: Scope, word: str) -> Q | None:
    unions = [union.pk for union in _unions(scope, word)]
    if unions:
        return reduce(or_, (Q(union_id__in=descendants(pk)) for pk in unions))
    firms = [firm.pk for firm in _employers(scope, word)]
    return Q(pk__in=EmploymentSpell.objects.filter(employer_id__in=firms).values("person_id")) if firms else None


def _persons(scope: Scope, text: str, within: Q) -> list[Person]:
    found: dict[int, Person] = {}
    for rows in _ways(text, Person.objects.filter(scope.unions(), within)):
        wanted = rows.select_related("union").only(*_SHOWN)
        for person in wanted[: MOST + 1 - len(found)]:
            found.setdefault(person.pk, person)
        if len(found) > MOST:
            break
    return list(found.values())


def _ways(text: str, rows: QuerySet[Person]) -> Iterator[QuerySet[Person]]:
    """One query for each way, the surest first: each walks one index and stops at the twentieth."""
    if not text:
        return
    if text.isascii() and any(place.isdigit() for place in text):
        # The keys first, by themselves: asked in the order of names, PostgreSQL walks all names and looks at each.
        having: dict[int, str] = {}
        for key in _number_is(text):
            having |= dict(rows.filter(key).order_by().values_list("pk", "name_key")[:MOST_OF_A_TAIL])
        first = sorted(having, key=lambda pk: (having[pk], pk))[: MOST + 1]
        yield rows.filter(pk__in=first).order_by("name_key", "pk")
    if text.isascii() and text.replace("'", "").isalpha():
        typed = typed_reading(text)
        for column in ("name_initials", "name_reading", "other_initials", "other_reading"):
            yield _begins(rows, column, typed)
    else:
        yield _begins(rows, "name_key", text)


def _begins(rows: QuerySet[Person], column: str, text: str) -> QuerySet[Person]:
    if column.startswith("other_"):
        rows = rows.exclude(**{column: ""})  # or the index, which leaves the empty ones out, is not used
    # A range walks the index on both databases; on PostgreSQL only where the order is that of the characters.
    if connection.vendor == "postgresql":
        rows = rows.annotate(word=Collate(F(column), "C"))
        return rows.filter(word__gte=text, word__lt=text + _LAST).order_by("word", "pk")
    return rows.filter(**{f"{column}__gte": text, f"{column}__lt": text + _LAST}).order_by(column, "pk")


def _number_is(text: str) -> Iterator[Q]:
    """By which keys a number is found; each has an index of its own."""
    yield Q(id_key=crypto.keyed_index("id-number", text.upper()))
    if len(text) == TAIL:
        yield Q(id_tail_key=crypto.keyed_index("id-tail", text.upper()))
        yield Q(phone_tail_key=crypto.keyed_index("phone-tail", text))
    phone = normalise_or_none(text)
    if phone:
        yield Q(phone_key=crypto.keyed_index("phone", phone))


def with_homes(persons: list[Person]) -> tuple[PersonHit, ...]:
    """Persons found in scope, each with the household and its head."""
    open_rows = HouseholdMember.objects.filter(valid_to__isnull=True)
    head = open_rows.filter(household_id=OuterRef("household_id"), relation="head").values("person__name")[:1]
    members = open_rows.filter(person_id__in=[person.pk for person in persons]).annotate(head=Subquery(head))
    homes = {
        pk: (public, name) for pk, public, name in members.values_list("person_id", "household__public_id", "head")
    }
    own_page, home_page = pages_of("person_file"), pages_of("household_file")
    hits = []
    for person in persons:
        public, name = homes.get(person.pk, ("", ""))
        home = home_page(public) if public else ""
        hits.append(PersonHit(person, own_page(person.public_id), home, name or ""))
    return tuple(hits)


def _employers(scope: Scope, text: str) -> list[Employer]:
    if len(text) < 2:
        return []
    wanted = in_any_spelling(lambda name: Q(name__contains=name), text)
    if len(text) == CREDIT_CODE:
        wanted |= Q(credit_code=text.upper())
    return list(
        Employer.objects.filter(scope.unions(), wanted)
        .select_related("union")
        .only("public_id", "name", "union__name")
        .order_by("name")[: MOST_PLACES + 1]
    )


def _unions(scope: Scope, text: str) -> list[Any]:
    if len(text) < 2:
        return []
    named = in_any_spelling(lambda name: Q(name__contains=name), text)
    return list(unions_in(scope).filter(named).order_by("code")[: MOST_PLACES + 1])
