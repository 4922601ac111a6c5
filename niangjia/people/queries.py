"""Reads of this room: plain values in bulk; every list starts from a scope."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from niangjia.accounts.models import User
from niangjia.core.errors import NotFoundHere
from niangjia.federation.queries import union_by_public_id, union_names
from niangjia.federation.scopes import Scope, scope_of
from niangjia.people import merged
from niangjia.people.consents import consents as consents  # asked by the rooms above
from niangjia.people.coverage import complete_units as complete_units
from niangjia.people.models import (
    Employer,
    EmploymentSpell,
    Household,
    HouseholdMember,
    MembershipSpell,
    Person,
    Statement,
)
from niangjia.people.oneself import lies_with, own_files as own_files

ADULT_AGE = 18


@dataclass(frozen=True)
class SubjectCard:
    """What a list shows of a subject: never more than name, union and a masked number."""

    kind: str
    id: int
    public_id: str
    name: str
    union_id: int
    union_name: str
    masked_number: str = ""
    household_id: int | None = None
    head_name: str = ""
    is_minor: bool = False


def mask_name(name: str) -> str:
    """A name as a public notice prints it: 艾草青 gives 艾*青, 张三 gives 张*, one character stays *."""
    if len(name) <= 1:
        return "*"
    if len(name) == 2:
        return name[0] + "*"
    return name[0] + "*" * (len(name) - 2) + name[-1]


def mask_number(number: str) -> str:
    """An identity number with all but the first three and the last two digits hidden."""
    return number[:3] + "*" * (len(number) - 5) + number[-2:] if len(number) > 8 else "*" * len(number)


def seal_key(subject_kind: str, subject_id: int) -> bytes | None:
    """The key that seals values about a subject: the person's own, a household's head's; None for bodies."""
    return seal_keys(subject_kind, [subject_id]).get(subject_id)


def seal_keys(subject_kind: str, ids: Collection[int]) -> dict[int, bytes]:
    """`seal_key` in bulk."""
    if subject_kind == "person":
        rows = Person.objects.filter(pk__in=ids).values_list("pk", "data_key")
    elif subject_kind == "household":
        heads = HouseholdMember.objects.filter(household_id__in=ids, relation="head", valid_to__isnull=True)
        rows = heads.values_list("household_id", "person__data_key")
    else:
        return {}
    found = {pk: bytes.fromhex(key) for pk, key in rows}
    if subject_kind == "person" and len(found) < len(set(ids)):
        found |= merged.keys_of(set(ids) - found.keys())
    return found


def opening_keys(subject_kind: str, ids: Collection[int]) -> dict[int, list[bytes]]:
    """Every key that values about these subjects may have been sealed with, today's first.

    A household's are those of all who ever headed it, and of the files that were one with theirs for a time.
    """
    today = seal_keys(subject_kind, ids)
    if subject_kind != "household":
        return {pk: [key] for pk, key in today.items()}
    heads = HouseholdMember.objects.filter(household_id__in=ids, relation="head").order_by("-pk")
    headed = list(heads.values_list("household_id", "person_id"))
    families = merged.one_with({person for _, person in headed})
    keys = seal_keys("person", {pk for family in families.values() for pk in family})
    found = {pk: [today[pk]] if pk in today else [] for pk in ids}
    for household_id, person in headed:
        found[household_id] += [keys[pk] for pk in sorted(families[person]) if pk in keys]
    return found


_MODELS = {"person": Person, "household": Household, "employer": Employer}


def owner_of(subject_kind: str, subject_id: int, *, hold: bool = False) -> int:
    """The union that owns a subject, or `NotFoundHere`.

    A writer holds it until his transaction ends: so it is not taken away between his look and his row.
    """
    if subject_kind == "union":
        return subject_id
    rows = _MODELS[subject_kind].objects.filter(pk=subject_id)  # type: ignore[attr-defined]
    row = (rows.select_for_update(no_key=True) if hold else rows).values_list("union_id", flat=True).first()
    if row is None:
        raise NotFoundHere
    return int(row)


def household_ids_of(person_id: int, today: date) -> list[int]:
    """The household a person belongs to today (one, or none)."""
    rows = HouseholdMember.objects.filter(person_id=person_id, valid_from__lte=today)
    return list(rows.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=today)).values_list("household_id", flat=True))


def members_of(household_ids: Collection[int]) -> QuerySet[HouseholdMember]:
    """Open memberships of these households, head first."""
    return (
        HouseholdMember.objects.filter(household_id__in=household_ids, valid_to__isnull=True)
        .select_related("person")
        .defer("person__id_number", "person__phone", "person__data_key")
        .order_by("household_id", "pk")
    )


def own_subjects(user: User, today: date) -> dict[str, list[int]]:
    """The subjects a worker's own pages show: himself, his household, and its members."""
    scope = scope_of(user, "benefits.own:read")
    household_ids = [found for person in scope.persons for found in household_ids_of(person, today)]
    people = set(scope.persons) | set(members_of(household_ids).values_list("person_id", flat=True))
    return {"person": sorted(people), "household": household_ids}


def may_state_for(user: User, subject_kind: str, subject_id: int) -> bool:
    """Whether a user may state facts about a subject: himself, his household, a member of it."""
    return lies_with(scope_of(user, "people.own:state").persons, subject_kind, subject_id)


def subject_cards(
    kind: str, ids: Collection[int], *, today: date, numbers: bool = False, scope: Scope | None = None
) -> dict[int, SubjectCard]:
    """Cards of subjects already known to lie in scope; a fixed number of queries.

    The head of a household may have his file with another union: his masked number is told to a `scope` that
    reaches both.
    """
    if kind == "person":
        cards = _person_cards(ids, today, numbers)
        went = merged.went_into(set(ids) - cards.keys()) if len(cards) < len(set(ids)) else {}
        stayed = _person_cards(set(went.values()), today, numbers) if went else {}
        return cards | {pk: stayed[into] for pk, into in went.items() if into in stayed}
    if kind == "household":
        return _household_cards(ids, numbers, scope)
    if kind == "employer":
        rows = list(
            Employer.objects.filter(pk__in=ids).values_list("pk", "public_id", "name", "union_id", "credit_code")
        )
        names = union_names({row[3] for row in rows})
        return {r[0]: SubjectCard("employer", *r[:4], names[r[3]], masked_number=r[4]) for r in rows}
    names = union_names(ids)
    return {pk: SubjectCard("union", pk, "", name, pk, name) for pk, name in names.items()}


def _person_cards(ids: Collection[int], today: date, numbers: bool) -> dict[int, SubjectCard]:
    columns = ["pk", "public_id", "name", "union_id", "born_on", *(["id_number"] if numbers else [])]
    rows = list(Person.objects.filter(pk__in=ids).values_list(*columns))
    names = union_names({row[3] for row in rows})
    homes = dict(
        HouseholdMember.objects.filter(person_id__in=ids, valid_to__isnull=True).values_list(
            "person_id", "household_id"
        )
    )
    heads = head_names(set(homes.values()))
    return {
        row[0]: SubjectCard(
            "person",
            row[0],
            row[1],
            row[2],
            row[3],
            names[row[3]],
            masked_number=mask_number(row[5]) if numbers and row[5] else "",
            household_id=homes.get(row[0]),
            head_name=heads.get(homes.get(row[0], 0), ("", ""))[0],
            is_minor=row[4] is not None and is_minor(row[4], today),
        )
        for row in rows
    }


def _household_cards(ids: Collection[int], numbers: bool, scope: Scope | None) -> dict[int, SubjectCard]:
    rows = list(Household.objects.filter(pk__in=ids).values_list("pk", "public_id", "union_id"))
    names = union_names({row[2] for row in rows})
    seen = heads_of(ids).filter(scope.unions("person__union_id")).values_list("household_id") if scope else ()
    heads = head_names(ids, numbers, {pk for (pk,) in seen} if numbers else ())
    return {
        pk: SubjectCard(
            "household",
            pk,
            public_id,
            heads.get(pk, ("", ""))[0],
            union_id,
            names[union_id],
            masked_number=mask_number(heads.get(pk, ("", ""))[1]),
            household_id=pk,
            head_name=heads.get(pk, ("", ""))[0],
        )
        for pk, public_id, union_id in rows
    }


def heads_of(household_ids: Collection[int]) -> QuerySet[HouseholdMember]:
    """The places of today's heads of these households."""
    return HouseholdMember.objects.filter(household_id__in=household_ids, valid_to__isnull=True, relation="head")


def head_names(
    household_ids: Collection[int], numbers: bool = False, seen: Collection[int] = ()
) -> dict[int, tuple[str, str]]:
    """The head of each household known to lie in scope: name and, where asked for, the whole number.

    Where the file of the head lies with another union, the number is told of the `seen`: households whose
    heads the reader looks after too.
    """
    heads = heads_of(household_ids)
    if numbers:
        columns = ("household_id", "person__name", "person__id_number", "person__union_id", "household__union_id")
        # The name is known to whoever looks after the household, the number to whoever looks after the person.
        rows = heads.values_list(*columns)
        return {pk: (name, number if own == home or pk in seen else "") for pk, name, number, own, home in rows}
    return {pk: (name, "") for pk, name in heads.values_list("household_id", "person__name")}


def is_minor(born_on: date, today: date) -> bool:
    """Under eighteen: never named on a list, a notice or an export."""
    return is_under(born_on, today, ADULT_AGE)


def age_on(born_on: date, today: date) -> int:
    """Completed years; who is born on 29 February has the birthday on 1 March in other years."""
    return (today.year - born_on.year) - ((today.month, today.day) < (born_on.month, born_on.day))


def is_under(born_on: date, today: date, years: int) -> bool:
    """Whether somebody has not completed so many years."""
    return age_on(born_on, today) < years


def household_by_public_id(scope: Scope, public_id: str) -> Household:
    """One household in scope, or `NotFoundHere`."""
    row = Household.objects.filter(scope.unions(), public_id=public_id).first()
    if row is None:
        raise NotFoundHere
    return row


def waiting_statements(scope: Scope) -> QuerySet[Statement]:
    """Statements in scope that nobody has answered, oldest first."""
    return (
        Statement.objects.filter(scope.unions(), verification__isnull=True)
        .select_related("stated_by", "evidence")
        .order_by("stated_at", "pk")
    )


def waiting_about(subject_kind: str, subject_id: int, code: str) -> QuerySet[Statement]:
    """Statements on one fact of one subject that nobody has answered, oldest first."""
    rows = Statement.objects.filter(subject_kind=subject_kind, subject_id=subject_id, code=code)
    return rows.filter(verification__isnull=True).order_by("pk")


def sent_back(subjects: Mapping[str, Collection[int]]) -> dict[tuple[str, int, str], str]:
    """What an officer wrote about the newest statement on each fact of one's own subjects, where he sent it back.

    Keyed by subject kind, subject id and fact code; a later statement takes the sentence away.
    """
    mine = Q()
    for kind, ids in subjects.items():
        mine |= Q(subject_kind=kind, subject_id__in=ids)
    rows = Statement.objects.filter(mine).order_by("pk") if mine else Statement.objects.none()
    columns = ("subject_kind", "subject_id", "code", "verification__verdict", "verification__note")
    newest = {(kind, pk, code): (verdict, note) for kind, pk, code, verdict, note in rows.values_list(*columns)}
    return {key: note for key, (verdict, note) in newest.items() if verdict == "returned"}


def statement_by_public_id(scope: Scope, public_id: str) -> Statement:
    """One statement in scope, or `NotFoundHere`."""
    row = Statement.objects.filter(scope.unions(), public_id=public_id).select_related("evidence", "stated_by").first()
    if row is None:
        raise NotFoundHere
    return row


def person_by_public_id(scope: Scope, public_id: str) -> Person:
    """One person in scope, or `NotFoundHere`."""
    row = Person.objects.filter(scope.unions(), public_id=public_id).select_related("union").first()
    if row is None:
        raise NotFoundHere
    return row


def employer_by_public_id(scope: Scope, public_id: str) -> Employer:
    """One employer in scope, or `NotFoundHere`."""
    row = Employer.objects.filter(scope.unions(), public_id=public_id).select_related("union").first()
    if row is None:
        raise NotFoundHere
    return row


def job_of(person: Person, spell_id: int) -> EmploymentSpell:
    """One job of a person found in scope, or `NotFoundHere`."""
    row = EmploymentSpell.objects.filter(pk=spell_id, person=person).first()
    if row is None:
        raise NotFoundHere
    return row


def memberships_of(person: Person) -> list[MembershipSpell]:
    """The memberships of a person found in scope, the newest first."""
    return list(MembershipSpell.objects.filter(person=person).select_related("union").order_by("-joined_on", "-pk"))


def membership_of(person: Person, spell_id: int) -> MembershipSpell:
    """One membership of a person found in scope, or `NotFoundHere`."""
    row = MembershipSpell.objects.filter(pk=spell_id, person=person).first()
    if row is None:
        raise NotFoundHere
    return row


@dataclass(frozen=True)
class Subject:
    """Something facts are recorded about, found in scope."""

    kind: str
    id: int
    public_id: str
    name: str


def subject_by_public_id(scope: Scope, kind: str, public_id: str) -> Subject:
    """A person, household, employer or union in scope, or `NotFoundHere`."""
    if kind == "union":
        union = union_by_public_id(scope, public_id)
        return Subject(kind, union.pk, public_id, union.name)
    if kind == "household":
        household = household_by_public_id(scope, public_id)
        return Subject(kind, household.pk, public_id, head_names([household.pk]).get(household.pk, ("", ""))[0])
    if kind == "person":
        person = person_by_public_id(scope, public_id)
        return Subject(kind, person.pk, public_id, person.name)
    if kind == "employer":
        employer = employer_by_public_id(scope, public_id)
        return Subject(kind, employer.pk, public_id, employer.name)
    raise NotFoundHere


def households_of(person_ids: Collection[int]) -> dict[int, Household]:
    """The open household of each person that has one."""
    rows = HouseholdMember.objects.filter(person_id__in=person_ids, valid_to__isnull=True).select_related("household")
    return {row.person_id: row.household for row in rows}


def next_waiting(scope: Scope, after: Statement) -> Statement | None:
    """The next statement that waits after one, then the oldest again; never the same."""
    waiting = waiting_statements(scope).exclude(pk=after.pk)
    later = waiting.filter(Q(stated_at__gt=after.stated_at) | Q(stated_at=after.stated_at, pk__gt=after.pk)).first()
    return later or waiting.first()
