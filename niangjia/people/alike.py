"""Finding files that may be of one person: by keyed numbers and by blocks that have an index, never by a scan."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date, timedelta
from functools import cache

from django.db import connection
from django.db.models import Q

from niangjia.core import crypto
from niangjia.federation.scopes import Scope
from niangjia.people.likeness import Likeness, holds, may_be_one, signs_between, slips_of
from niangjia.people.models import Person, SuspectedPair
from niangjia.people.rosters.frame import in_chunks

MOST = 50
SHOWN = 5
BATCH = 500
# Many, for most share their first: whoever has fifty namesakes is opened once, not fifty times.
PAIRS_AT_ONCE = 20_000
_COMPARED = ("name_key", "name_reading", "other_reading", "born_on", "id_number", "phone_key", "phone_tail_key")
_STRONG = ("number", "slip", "phone")


def alike(person: Person, scope: Scope) -> list[Likeness]:
    """Files in scope that may be of the same person as this one, stored or not, the likeliest first."""
    rows = Person.objects.filter(scope.unions())
    if person.pk is not None:
        rows = rows.exclude(pk=person.pk)
    found = []
    for other in rows.filter(_blocks(person)).select_related("union")[:MOST]:
        signs = signs_between(person, other)
        if may_be_one(person, other, signs):
            found.append(Likeness(other, signs))
    found.sort(key=lambda one: (not set(one.signs) & set(_STRONG), -len(one.signs), one.person.pk))
    return found[:SHOWN]


def _blocks(person: Person) -> Q:
    """Who is looked at: numbers one slip away, the same telephone, namesakes of one month or of one tail."""
    wanted = Q(pk__in=[])
    if person.id_number:
        keys = [crypto.keyed_index("id-number", number) for number in (person.id_number, *slips_of(person.id_number))]
        wanted |= Q(id_key__in=keys)
    if person.phone_key:
        wanted |= Q(phone_key=person.phone_key)
    sounds = [sound for sound in (person.name_reading, person.other_reading) if sound]
    if person.born_on:
        first, next_month = _month_of(person.born_on)
        for column in ("name_reading", "other_reading"):
            wanted |= Q(**{f"{column}__in": sounds}, born_on__gte=first, born_on__lt=next_month)
    if person.phone_tail_key:
        wanted |= Q(phone_tail_key=person.phone_tail_key, name_reading__in=sounds)
    return wanted


def _month_of(day: date) -> tuple[date, date]:
    first = day.replace(day=1)
    return first, (first + timedelta(days=32)).replace(day=1)


# Namesakes with one telephone, one birthday, or one tail: each half walks an index.
_JOINS = (
    "b.phone_key = a.phone_key AND b.name_reading = a.name_reading",
    "b.name_reading = a.name_reading AND b.born_on = a.born_on",
    "b.phone_tail_key = a.phone_tail_key AND b.name_reading = a.name_reading",
    "b.other_reading = a.name_reading AND b.other_reading <> '' AND b.born_on = a.born_on",
)


def candidates(person_ids: Collection[int]) -> Iterator[tuple[int, int]]:
    """Pairs of files, older first, that share a block with one of these and were never asked about."""
    for some in in_chunks(person_ids, BATCH):
        found: set[tuple[int, int]] = set()
        holes = ",".join(["%s"] * len(some))
        with connection.cursor() as cursor:
            for join in _JOINS:
                cursor.execute(
                    "SELECT a.id, b.id FROM people_person a JOIN people_person b "  # noqa: S608  our own words only
                    f"ON {join} AND b.id <> a.id WHERE a.id IN ({holes})",
                    some,
                )
                found |= {(min(pair), max(pair)) for pair in cursor.fetchall()}
        known = SuspectedPair.objects.filter(person_id__in=[pair[0] for pair in found])
        yield from sorted(found - set(known.values_list("person_id", "other_id")))


def likely_pairs(person_ids: Collection[int]) -> Iterator[tuple[int, int, tuple[str, ...]]]:
    """Those of the candidates that are worth an officer's question, with their signs."""
    for some in in_chunks(candidates(person_ids), PAIRS_AT_ONCE):
        people = Person.objects.only(*_COMPARED).in_bulk({pk for pair in some for pk in pair})
        sound = cache(holds)  # of these only: a number that was opened stays nowhere
        for first, second in some:
            signs = signs_between(people[first], people[second])
            if may_be_one(people[first], people[second], signs, sound):
                yield first, second, signs
