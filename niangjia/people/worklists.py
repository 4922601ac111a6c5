"""What waits for an officer of the registry, as the one list mechanism shows it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as say, gettext_lazy as _, ngettext

from niangjia.core import clock
from niangjia.core.facts import facts, registers
from niangjia.core.spellings import in_any_spelling
from niangjia.federation.listing.house import Choices, below_union, union_choices, union_named
from niangjia.federation.listing.kinds import Column, Condition, Line, ListKind, State, list_kinds
from niangjia.federation.listing.units import Count, overdue
from niangjia.federation.queries import descendants, union_by_public_id, union_names
from niangjia.federation.scopes import Scope
from niangjia.people import coverage, mine, pairs, queries, waiting
from niangjia.people.bureaux import batches
from niangjia.people.bureaux.rowlist import IN, NAMED, rows_url
from niangjia.people.models import CrossCheck, Person, Statement
from niangjia.people.models.person import searched_name
from niangjia.people.shown import label_of

EXPORT, VERIFY, READ = "people.registry:export", "people.fact:verify", "people.registry:read"


def _named(text: str) -> QuerySet:
    return Person.objects.filter(in_any_spelling(lambda name: Q(name_key__startswith=searched_name(name)), text))


def days_over(days: int) -> State:
    """The state of what is late."""
    return State("late", ngettext("%(days)s day overdue", "%(days)s days overdue", days) % {"days": days})


def _pairs(scope: Scope, about: str, given: Mapping[str, Any]) -> QuerySet:
    rows = pairs.open_pairs(scope)
    if given.get("union"):
        below = descendants(union_by_public_id(scope, given["union"]).pk)
        rows = rows.filter(Q(person__union_id__in=below) | Q(other__union_id__in=below))
    return rows


def _pair_named(rows: QuerySet, text: str) -> QuerySet:
    people = _named(text)
    return rows.filter(Q(person__in=people) | Q(other__in=people))


def _pair_lines(rows: Sequence[Any], wanted: Collection[str]) -> list[Line]:
    return [
        Line(
            {
                "who": pair.person.name, "one": pair.person.union.name, "name": pair.other.name,
                "other": pair.other.union.name,
                "signs": say(", ").join(str(sign) for sign in pairs.signs_of(pair)), "found": pair.found_at,
            },
            url=reverse("duplicate_pair", args=[pair.public_id]), object_id=pair.pk, union_id=pair.person.union_id,
        )
        for pair in rows
    ]  # fmt: skip


PAIRS = ListKind(
    code="people.pairs", title=_("Perhaps the same person"), unit="pair", right=pairs.MERGE, export_right=EXPORT,
    columns=(
        Column("who", _("Who"), order=("person__name_key",)), Column("one", _("One file")),
        Column("name", _("Name in the other file")), Column("other", _("The other file")),
        Column("signs", _("Alike in")), Column("found", _("Found on"), "moment", ("id",), True),
    ),
    conditions=(
        Condition("name", _("Name of the person begins with"), _pair_named),
        Condition("union", _("Union"), None, union_choices, named=union_named),
    ),
    rows=_pairs, lines=_pair_lines, address=lambda about: reverse("duplicate_list"), default="found",
    standing=_("not answered yet"),
    empty=(
        _("No two files look alike."),
        _("When somebody is entered who may have a file already, the pair appears here."),
    ),
)  # fmt: skip


def _statements(scope: Scope, about: str, given: Mapping[str, Any]) -> QuerySet:
    return queries.waiting_statements(scope)


def _stated_facts(scope: Scope) -> Choices:
    codes = Statement.objects.filter(scope.unions(), verification__isnull=True).order_by()
    keys = {f"{kind}.{code}" for kind, code in codes.values_list("subject_kind", "code").distinct()}
    return sorted(((key, label_of(facts.get(key))) for key in keys if key in facts), key=lambda pair: str(pair[1]))


def _of_fact(rows: QuerySet, key: str) -> QuerySet:
    kind, _dot, code = key.partition(".")
    return rows.filter(subject_kind=kind, code=code)


def _statement_lines(rows: Sequence[Any], wanted: Collection[str]) -> list[Line]:
    return [
        Line(
            {
                "who": row.name, "home": row.head_name if row.head_name != row.name else "", "fact": row.label,
                "union": row.union_name, "at": row.stated_at, "paper": say("yes") if row.has_photo else "",
            },
            url=reverse("verify_statement", args=[row.public_id]), object_id=statement.pk,
            union_id=statement.union_id,
        )
        for statement, row in zip(rows, waiting.waiting_rows(list(rows)), strict=True)
    ]  # fmt: skip


STATEMENTS = ListKind(
    code="people.statements", title=_("To verify"), unit="fact", right=VERIFY, export_right=EXPORT,
    columns=(
        Column("who", _("Who")), Column("home", _("Household of"), "short"),
        Column("fact", _("Fact"), "text", ("code",)),
        Column("union", _("Union"), "short"), Column("paper", _("Paper"), "short"),
        Column("at", _("Stated"), "moment", ("stated_at",)),
    ),
    conditions=(
        Condition("fact", _("Fact"), _of_fact, _stated_facts),
        Condition("union", _("Union"), below_union("union_id"), union_choices, named=union_named),
        Condition(
            "paper", _("Paper"), lambda rows, paper: rows.filter(evidence__isnull=paper == "no"),
            lambda scope: [("yes", _("with a photograph")), ("no", _("without a photograph"))],
        ),
    ),
    rows=_statements, lines=_statement_lines, address=lambda about: reverse("verify_queue"), default="at",
    standing=_("not answered yet"),
    empty=(_("Nothing waits for verification."), _("What people state on their pages appears here by itself.")),
)  # fmt: skip


def _requests(scope: Scope, about: str, given: Mapping[str, Any]) -> QuerySet:
    return mine.open_requests(scope)


def _request_lines(rows: Sequence[Any], wanted: Collection[str]) -> list[Line]:
    names = union_names({row.union_id for row in rows})
    return [
        Line(
            {
                "what": one["what"], "who": one["row"].person.name, "union": names[one["row"].union_id],
                "asked": one["row"].asked_at, "due": one["row"].due_on,
                "state": days_over(one["late"]) if one["late"] else State("ask", say("no answer yet")),
            },
            url=one["url"], object_id=one["row"].pk, union_id=one["row"].union_id,
        )
        for one in mine.request_rows(rows)
    ]  # fmt: skip


REQUESTS = ListKind(
    code="people.requests", title=_("Requests about data"), unit="request", right=VERIFY, export_right=EXPORT,
    columns=(
        Column("what", _("What the person asks"), order=("what",)), Column("who", _("Who")),
        Column("union", _("Union"), "short"), Column("asked", _("Asked on"), "moment", ("asked_at",)),
        Column("due", _("Answer by"), "day", ("due_on",)), Column("state", _("State"), "state"),
    ),
    conditions=(
        Condition(
            "kind", _("What the person asks"), lambda rows, kind: rows.filter(kind=kind),
            lambda scope: [("correct", _("Correction")), ("erase", _("Deletion"))],
        ),
        Condition(
            "late", _("Late"), lambda rows, yes: rows.filter(due_on__lt=clock.today()),
            lambda scope: [("1", _("Only what is late"))],
        ),
        Condition("union", _("Union"), below_union("union_id"), union_choices, named=union_named),
    ),
    rows=_requests, lines=_request_lines, address=lambda about: reverse("data_requests"), default="due",
    standing=_("not answered yet"),
    empty=(_("Nobody waits for an answer."), _("What people ask about what is kept of them appears here by itself.")),
)  # fmt: skip


def _checks(scope: Scope, about: str, given: Mapping[str, Any]) -> QuerySet:
    return batches.checks_in(scope)


def _bureaus(scope: Scope) -> Choices:
    found = CrossCheck.objects.filter(scope.unions()).order_by("bureau").values_list("bureau", flat=True).distinct()
    return [(bureau, bureau) for bureau in found]


def _check_lines(rows: Sequence[Any], wanted: Collection[str]) -> list[Line]:
    return [
        Line(
            {
                "title": line.check.title or line.facts, "facts": line.facts, "bureau": line.check.bureau,
                "whole": Count(line.subjects, line.check.subject, url=rows_url(line.check)),
                "ready": Count(
                    line.ready, line.check.subject, url=rows_url(line.check, part=NAMED if line.check.sent_on else IN)
                ),
                "sent": line.check.sent_on, "due": line.check.due_on,
                "back": None if line.answered is None else Count(line.answered, "answer"),
                "closed": batches.closed_words(line.check),
                "state": State("late", overdue(line.late))
                if line.step == batches.LATE else State(*line.tag),
            },
            url=reverse("check_file", args=[line.check.public_id]), object_id=line.check.pk,
            union_id=line.check.union_id,
        )
        for line in batches.check_lines(list(rows), clock.today())
    ]  # fmt: skip


CHECKS = ListKind(
    code="people.checks", title=_("Bureau checks"), unit="batch", right=batches.READ, export_right=batches.READ,
    columns=(
        Column("title", _("Batch"), order=("title",)), Column("facts", _("Facts")),
        Column("bureau", _("Bureau"), "short", ("bureau",)), Column("whole", _("About whom"), "number"),
        Column("ready", _("Authorities complete"), "number"), Column("sent", _("Sent on"), "day", ("sent_on",)),
        Column("due", _("Answer due on"), "day", ("due_on",)), Column("back", _("What came back"), "number"),
        Column("closed", _("Closed without an answer"), order=("closed_at",)),
        Column("state", _("State"), "state"),
        Column("number", _("In the order they were drafted"), "number", ("id",), True, on_page=False),
    ),
    conditions=(
        Condition(
            "state", _("State"), batches.in_step,
            lambda scope: [(batches.LATE, _("Late")), *((code, word) for code, (_c, word) in batches.STEPS.items())],
        ),
        Condition("bureau", _("Bureau"), lambda rows, bureau: rows.filter(bureau=bureau), _bureaus),
    ),
    rows=_checks, lines=_check_lines, address=lambda about: reverse("check_list"), default="-number",
    empty=(
        _("No bureau has been asked yet."),
        _("Start from a list, where it says which bureau can answer, or choose households here."),
    ),
)  # fmt: skip


def _registers(scope: Scope, about: str, given: Mapping[str, Any]) -> QuerySet:
    return coverage.statements_in(scope)


def _register_lines(rows: Sequence[Any], wanted: Collection[str]) -> list[Line]:
    return [
        Line(
            {
                "register": line.register_name, "union": line.union_name, "on": line.row.complete_on,
                "source": line.row.source,
                "by": line.row.said_by.display_name if line.row.said_by else say("Taken over in bulk"),
                "until": line.believed_until,
                "state": State("yes", say("counts")) if line.counts else State("no", say("too old to count")),
            },
            object_id=line.row.pk, union_id=line.row.union_id,
        )
        for line in coverage.lines(list(rows), clock.today())
    ]  # fmt: skip


REGISTERS = ListKind(
    code="people.registers", title=_("Complete registers"), unit="register", right=READ, export_right=READ,
    columns=(
        Column("register", _("Register"), order=("register",)), Column("union", _("Union")),
        Column("on", _("Complete on"), "day", ("complete_on",)), Column("source", _("Source"), order=("source",)),
        Column("by", _("Said by")), Column("until", _("Counts until"), "day"), Column("state", _("State"), "state"),
    ),
    conditions=(
        Condition(
            "register", _("Register"), lambda rows, code: rows.filter(register=code),
            lambda scope: [(one.code, label_of(one)) for one in registers.all()],
        ),
        Condition("union", _("Union"), below_union("union_id"), union_choices, named=union_named),
        Condition("since", _("From the day"), lambda rows, day: rows.filter(complete_on__gte=day), form="day"),
    ),
    rows=_registers, lines=_register_lines, address=lambda about: reverse("register_list"), default="-on",
    empty=(
        _("No register was said to be complete yet."),
        _("Until then whoever is missing from a list is unknown to every rule, not a no."),
    ),
)  # fmt: skip


def register() -> None:
    """Offer them."""
    for kind in (PAIRS, STATEMENTS, REQUESTS, CHECKS, REGISTERS):
        list_kinds.register(kind.code, kind)
