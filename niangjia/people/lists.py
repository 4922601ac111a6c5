"""The lists of this room: persons, households, employers and rosters, as the one list mechanism shows them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django.db.models import Count as CountOf, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from niangjia.core import clock
from niangjia.core.spellings import in_any_spelling
from niangjia.federation.listing.house import below_union, union_choices, union_named
from niangjia.federation.listing.kinds import Column, Condition, Line, ListKind, State, list_kinds, list_url, pages_of
from niangjia.federation.listing.units import Count
from niangjia.federation.queries import union_names
from niangjia.federation.scopes import Scope
from niangjia.people.firms.related import confirmed, undecided
from niangjia.people.household_rows import as_shown, household_rows, without_head
from niangjia.people.models import (
    Employer,
    EmployerSize,
    EmploymentSpell,
    HardshipFile,
    Household,
    MembershipSpell,
    Person,
    RosterImport,
)
from niangjia.people.models.person import searched_name
from niangjia.people.queries import ADULT_AGE, mask_number
from niangjia.people.rosters import page as rosters
from niangjia.people.rosters.kinds import roster_kinds
from niangjia.people.shown import in_chinese
from niangjia.people.union_facts import FIRM_SIZES
from niangjia.people.upper.records import WORDS, standing_so
from niangjia.people.upper.systems import systems

READ, EXPORT, IDENTITY, WRITE = (
    "people.registry:read", "people.registry:export", "people.identity:export", "people.registry:write",
)  # fmt: skip
GRADES = {"deep": _("Deep hardship"), "relative": _("Relative hardship"), "sudden": _("Sudden hardship")}
REVIEW_SOON = 30  # days
MEMBER, NOT_MEMBER = State("yes", _("member")), State("no", _("not a member"))
SEXES = {"female": _("Female"), "male": _("Male")}


def _born_before() -> date:
    today = clock.today()
    # Who has a birthday on 29 February is a child one day longer.
    day = today - timedelta(days=1) if (today.month, today.day) == (2, 29) else today
    return day.replace(year=day.year - ADULT_AGE)


def _persons(scope: Scope, about: str, given: Mapping[str, Any]) -> QuerySet:
    """Grown people: a child stands in its household's file and on no list."""
    rows = Person.objects.only("public_id", "union_id", "name", "sex", "born_on", "id_number")
    rows = rows.filter(scope.unions_walked()).filter(Q(born_on__isnull=True) | Q(born_on__lte=_born_before()))
    joined = MembershipSpell.objects.filter(person=OuterRef("pk"), ended_on__isnull=True).values("joined_on")
    # Beside each row, not in statements of their own: of a page's time, each statement took a tenth.
    return rows.annotate(union_name=F("union__name"), joined_on=Subquery(joined[:1]))


def _grown_workers(scope: Scope) -> Q:
    """The same of somebody's jobs."""
    born = Q(person__born_on__isnull=True) | Q(person__born_on__lte=_born_before())
    return scope.unions("person__union_id") & born


def _named(text: str) -> Q:
    return in_any_spelling(lambda name: Q(name_key__startswith=searched_name(name)), text)


def _is_member(rows: QuerySet, answer: str) -> QuerySet:
    open_spell = Exists(MembershipSpell.objects.filter(person=OuterRef("pk"), ended_on__isnull=True))
    return rows.filter(open_spell) if answer == "yes" else rows.filter(~open_spell)


def _jobs_today() -> QuerySet:
    today = clock.today()
    jobs = EmploymentSpell.objects.filter(started_on__lte=today)
    return jobs.filter(Q(ended_on__isnull=True) | Q(ended_on__gte=today))


def _working_at(rows: QuerySet, employer: str) -> QuerySet:
    return rows.filter(pk__in=_jobs_today().filter(employer__public_id=employer).values("person_id"))


def _employer_named(scope: Scope, public_id: str) -> str | None:
    found = Employer.objects.filter(scope.unions(), public_id=public_id)
    return found.values_list("name", flat=True).first()


def _person_lines(people: Sequence[Any], wanted: Collection[str]) -> list[Line]:
    ids = [person.pk for person in people]
    page = pages_of("person_file")
    phones = dict(Person.objects.filter(pk__in=ids).values_list("pk", "phone")) if "phone" in wanted else {}
    return [
        Line(
            {
                "name": person.name, "masked": mask_number(person.id_number) if person.id_number else "",
                "union": person.union_name, "sex": SEXES.get(person.sex, ""), "born": person.born_on,
                "joined": person.joined_on,
                "member": MEMBER if person.joined_on else NOT_MEMBER,
                # Opened only where they are to leave: each value that leaves is noted.
                "id_number": person.id_number if "id_number" in wanted else None,
                "phone": phones.get(person.pk),
            },
            url=page(person.public_id), object_id=person.pk, union_id=person.union_id,
        )
        for person in people
    ]  # fmt: skip


PERSONS = ListKind(
    code="people.persons", title=_("Persons"), unit="person", right=READ, export_right=EXPORT,
    columns=(
        Column("name", _("Name"), order=("name_key",), indexed=True), Column("masked", _("Identity number"), "short"),
        Column("union", _("Union"), "short", ("union_id", "name"), True), Column("sex", _("Sex"), "short"),
        Column("born", _("Date of birth"), "day", ("born_on",)), Column("joined", _("Joined on"), "day"),
        Column("member", _("Membership"), "state"),
        Column("id_number", _("Identity number in full"), "short", right=IDENTITY),
        Column("phone", _("Telephone in full"), "short", right=IDENTITY),
    ),
    conditions=(
        Condition(
            "name", _("Name of the person begins with"),
            lambda rows, text: rows.filter(_named(text)),
        ),
        Condition("union", _("Union"), below_union("union_id"), union_choices, named=union_named),
        Condition(
            "member", _("Membership"), _is_member, lambda scope: [("yes", _("member")), ("no", _("not a member"))]
        ),
        Condition("sex", _("Sex"), lambda rows, sex: rows.filter(sex=sex), lambda scope: [*SEXES.items()]),
        Condition("employer", _("Has a job at"), _working_at, lambda scope: [], named=_employer_named),
    ),
    standing=_("grown people, 18 and over"),
    is_steady=True, rows=_persons, lines=_person_lines, address=lambda about: reverse("person_list"), default="name",
    empty=(_("Nobody here yet."), _("Enter the first person, or hand in a roster.")),
    subject_kind="person", look=IDENTITY,
)  # fmt: skip


def _households(scope: Scope, about: str, given: Mapping[str, Any]) -> QuerySet:
    rows = Household.objects.filter(scope.unions_walked()).defer("address")
    past = given.keys() & {"closed", "file_on", "file_since", "left_since"}
    rows = rows if past else rows.filter(closed_on__isnull=True)
    return as_shown(rows, scope)


def _review_due(rows: QuerySet, until: str) -> QuerySet:
    day = clock.today() + timedelta(days=REVIEW_SOON if until == "soon" else 0)
    due = HardshipFile.objects.filter(exited_on__isnull=True, review_due_on__lte=day)
    return rows.filter(pk__in=due.values("household_id"))


def _open_files(grade: str = "") -> QuerySet:
    rows = HardshipFile.objects.filter(exited_on__isnull=True)
    return (rows.filter(grade=grade) if grade else rows).values("household_id")


def _in_file_on(rows: QuerySet, day: date) -> QuerySet:
    files = HardshipFile.objects.filter(entered_on__lte=day).exclude(exited_on__lte=day)
    return rows.filter(pk__in=files.values("household_id"))


def _entered_since(rows: QuerySet, day: date) -> QuerySet:
    files = HardshipFile.objects.filter(entered_on__gte=day, entered_on__lte=clock.today())
    return rows.filter(pk__in=files.values("household_id"))


def _left_since(rows: QuerySet, day: date) -> QuerySet:
    files = HardshipFile.objects.filter(exited_on__gte=day, exited_on__lte=clock.today())
    return rows.filter(pk__in=files.values("household_id"))


def _upper(rows: QuerySet, code: str) -> QuerySet:
    return standing_so(next(iter(systems().values())), rows.filter(pk__in=_open_files()), code)


def _head_begins(rows: QuerySet, text: str) -> QuerySet:
    people = Person.objects.filter(_named(text))
    return rows.filter(members__person__in=people, members__relation="head", members__valid_to__isnull=True)


def _household_lines(households: Sequence[Any], wanted: Collection[str]) -> list[Line]:
    rows, page = household_rows(households), pages_of("household_file")
    ids = [household.pk for household in households]
    homes = dict(Household.objects.filter(pk__in=ids).values_list("pk", "address")) if "address" in wanted else {}
    return [
        Line(
            {
                "head": row.head_name or "—", "masked": row.masked_number, "union": row.union_name,
                "members": Count(row.members, "person"), "registered": row.registered_on, "review": row.review_due_on,
                "grade": State("go", GRADES[row.grade]) if row.grade else None,
                "upper": State(row.upper.colour, row.upper.word) if row.upper else None,
                "address": homes.get(household.pk), "number": household.pk,
            },
            url=page(row.public_id), object_id=household.pk, union_id=household.union_id,
        )
        for household, row in zip(households, rows, strict=True)
    ]  # fmt: skip


HOUSEHOLDS = ListKind(
    code="people.households", title=_("Household files"), unit="household", right=READ, export_right=EXPORT,
    columns=(
        Column("head", _("Head")), Column("masked", _("Identity number"), "short"),
        Column("union", _("Union"), "short"),
        Column("members", _("Members"), "number"),
        Column("registered", _("Registered on"), "day", ("registered_on",)),
        Column("review", _("Review due on"), "day", ("review_due_on",)),
        Column("grade", _("File of difficulty"), "state", ("grade",)),
        Column("upper", _("National system"), "state"),
        Column("number", _("Number of the file"), "number", ("id",), True, on_page=False),
        Column("address", _("Address in full"), right=IDENTITY),
    ),
    conditions=(
        Condition("head", _("Name of the head begins with"), _head_begins),
        Condition("union", _("Union"), below_union("union_id"), union_choices, named=union_named),
        Condition(
            "in_file", _("Difficulty"), lambda rows, yes: rows.filter(pk__in=_open_files()),
            lambda scope: [("1", _("Only with an open file of difficulty"))],
        ),
        Condition(
            "closed", _("Closed"), lambda rows, yes: rows.filter(closed_on__isnull=False),
            lambda scope: [("1", _("Only households that everybody has left"))],
        ),
        Condition("file_on", _("In file on the evening of"), _in_file_on, form="day", offered=False),
        Condition("file_since", _("Entered the file since"), _entered_since, form="day", offered=False),
        Condition("left_since", _("Left the file since"), _left_since, form="day", offered=False),
        Condition(
            "head_missing", _("Head of the household"), lambda rows, yes: without_head(rows),
            lambda scope: [("1", _("Only households without a head"))],
        ),
        Condition(
            "grade", _("Grade"), lambda rows, grade: rows.filter(pk__in=_open_files(grade)),
            lambda scope: [*GRADES.items()],
        ),
        Condition(
            "review", _("Review"), _review_due,
            lambda scope: [("due", _("due by today")), ("soon", _("due within 30 days"))],
        ),
        Condition(
            "upper", _("National system"), _upper,
            lambda scope: [(code, word) for code, (_colour, word) in WORDS.items()],
        ),
    ),
    is_steady=True, rows=_households, lines=_household_lines, address=lambda about: reverse("household_list"),
    default="-number",
    empty=(_("No household here yet."), _("Enter the first one, or hand in a roster.")),
    subject_kind="household", look=IDENTITY,
)  # fmt: skip


def _employers(scope: Scope, about: str, given: Mapping[str, Any]) -> QuerySet:
    """With how many work there: those whom the list of persons shows this reader."""
    workers = _jobs_today().filter(_grown_workers(scope), employer=OuterRef("pk"))
    counted = workers.order_by().values("employer").annotate(n=CountOf("person_id", distinct=True)).values("n")
    sizes = EmployerSize.objects.filter(employer=OuterRef("pk"), true_on__lte=clock.today())
    return Employer.objects.filter(scope.unions()).annotate(
        working=Coalesce(Subquery(counted), 0), alike=undecided(scope), related=confirmed(),
        size=Subquery(sizes.order_by("-true_on", "-pk").values("size_class")[:1]),
    )  # fmt: skip


def _firm_called(rows: QuerySet, text: str) -> QuerySet:
    return rows.filter(in_any_spelling(lambda name: Q(name__startswith=name), text))


def workers_url(employer: str) -> str:
    """The list of those who have a job at an employer."""
    return list_url("people.persons", employer=employer)


def _related(employer: Any) -> State | None:
    if employer.alike:
        return State("ask", _("to be looked at"))
    return State("go", _("related")) if employer.related else None


def _size(code: str | None) -> str:
    return FIRM_SIZES[code][0 if in_chinese() else 1] if code else ""


def _sizes(scope: Scope) -> list[tuple[str, str | Promise]]:
    found: list[tuple[str, str | Promise]] = [(code, _size(code)) for code in FIRM_SIZES if code != "none"]
    return [*found, ("unknown", _("not recorded"))]


def _of_size(rows: QuerySet, size: str) -> QuerySet:
    return rows.filter(size__isnull=True) if size == "unknown" else rows.filter(size=size)


def _employer_lines(employers: Sequence[Any], wanted: Collection[str]) -> list[Line]:
    names = union_names({employer.union_id for employer in employers})
    page = pages_of("employer_file")
    return [
        Line(
            {
                "name": employer.name, "code": employer.credit_code, "union": names[employer.union_id],
                "staff": None if employer.staff_count is None else Count(employer.staff_count, "person"),
                "working": Count(employer.working, "person", url=workers_url(employer.public_id)),
                "zone": State("go", _("in the zone")) if employer.in_zone else None,
                "size": _size(employer.size), "related": _related(employer),
            },
            url=page(employer.public_id), object_id=employer.pk, union_id=employer.union_id,
        )
        for employer in employers
    ]  # fmt: skip


EMPLOYERS = ListKind(
    code="people.employers", title=_("Employers"), unit="employer", right=READ, export_right=EXPORT,
    columns=(
        Column("name", _("Employer"), order=("name",)),
        Column("code", _("Credit code"), "short", ("credit_code",), True),
        Column("union", _("Union"), "short", ("union_id", "name"), True),
        Column("staff", _("Staff as stated"), "number", ("staff_count",)),
        Column("working", _("In the register of jobs"), "number"), Column("size", _("Size of the firm"), "short"),
        Column("zone", _("High-tech zone"), "state"), Column("related", _("Firms of the same people"), "state"),
    ),
    conditions=(
        Condition("name", _("Name begins with"), _firm_called),
        Condition("union", _("Union"), below_union("union_id"), union_choices, named=union_named),
        Condition(
            "zone", _("High-tech zone"), lambda rows, yes: rows.filter(in_zone=True),
            lambda scope: [("1", _("in the zone"))],
        ),
        Condition("size", _("Size of the firm"), _of_size, _sizes),
        Condition(
            "related", _("Firms of the same people"),
            lambda rows, state: rows.filter(alike=True) if state == "ask" else rows.filter(related=True),
            lambda scope: [("ask", _("to be looked at")), ("yes", _("related"))],
        ),
    ),
    rows=_employers, lines=_employer_lines, address=lambda about: reverse("employer_list"), default="code",
    empty=(_("No employer here yet."), _("Enter the first one, or hand in a roster.")),
)  # fmt: skip


def _rosters(scope: Scope, about: str, given: Mapping[str, Any]) -> QuerySet:
    return rosters.rosters_in(scope.user) if scope.user else RosterImport.objects.none()


def _roster_lines(found: Sequence[Any], wanted: Collection[str]) -> list[Line]:
    return [
        Line(
            {
                "table": line.roster.file_name or line.kind, "kind": line.kind, "union": line.roster.union.name,
                "at": line.roster.handed_in_at, "by": line.roster.handed_in_by.display_name,
                "rows": Count(line.rows, "row"), "state": State(line.state["colour"], line.state["word"]),
            },
            url=reverse("roster_file", args=[line.roster.public_id]), object_id=line.roster.pk,
            union_id=line.roster.union_id,
        )
        for line in rosters.lines(list(found))
    ]  # fmt: skip


ROSTERS = ListKind(
    code="people.rosters", title=_("Rosters"), unit="roster", right=WRITE, export_right=EXPORT,
    columns=(
        Column("table", _("Table")), Column("kind", _("What the rows are")), Column("union", _("Union"), "short"),
        Column("at", _("Handed in"), "moment", ("id",), True), Column("by", _("By whom"), "short"),
        Column("rows", _("Rows of the table"), "number", ("rows_read",)), Column("state", _("State"), "state"),
    ),
    conditions=(
        Condition(
            "kind", _("What the rows are"), lambda rows, kind: rows.filter(kind=kind),
            lambda scope: [(kind.code, kind.title) for kind in roster_kinds.all()],
        ),
        Condition(
            "state", _("State"), lambda rows, state: rows.filter(state=state),
            lambda scope: [(str(state), word) for state, (_colour, word) in rosters.STATES.items()],
        ),
    ),
    rows=_rosters, lines=_roster_lines, address=lambda about: reverse("roster_list"), default="-at",
    empty=(
        _("No roster has been handed in yet."),
        _("Send the table as it is; nothing is entered before you have seen every row."),
    ),
)  # fmt: skip


def register() -> None:
    """Offer them."""
    for kind in (PERSONS, HOUSEHOLDS, EMPLOYERS, ROSTERS):
        list_kinds.register(kind.code, kind)
