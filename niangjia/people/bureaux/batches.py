"""Batches as their pages show them: how far each is, who is in it, and whose signature is missing."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from niangjia.accounts.models import User
from niangjia.core import clock
from niangjia.core.errors import NotFoundHere
from niangjia.core.facts import facts
from niangjia.core.workdays import workdays_late
from niangjia.federation.queries import (
    descendants,
    last_answer_of,
    open_approval_of,
    stands_below,
    waiting_ids,
    waiting_objects,
)
from niangjia.federation.scopes import Scope, scope_of
from niangjia.people.bureaux.authorities import Missing, asked_of, missing_of
from niangjia.people.models import CrossCheck, CrossCheckResult, CrossCheckSubject, Person, RosterImport
from niangjia.people.queries import SubjectCard, mask_number, subject_cards
from niangjia.people.shown import label_of

READ = "people.check:read"
LEAVES = "people.check"  # the kind of confirmation a large file takes
DRAFTED, WAITS, SENT, LATE, BACK, SETTLED, CLOSED, DROPPED = (
    "drafted", "waits", "sent", "late", "back", "settled", "closed", "dropped",
)  # fmt: skip
FIRST_PAGE_ROWS = 5
_Import = RosterImport.State
# A table laid aside, unreadable or taken back is as if it had never come.
_GONE = (_Import.UNREADABLE, _Import.DROPPED, _Import.UNDONE)
STEPS: dict[str, tuple[str, str | Promise]] = {
    DRAFTED: ("ask", _("drafted, not sent")), WAITS: ("ask", _("waits for the second person")),
    SENT: ("go", _("sent")), BACK: ("ask", _("back, to be settled")), SETTLED: ("yes", _("settled")),
    CLOSED: ("no", _("closed without an answer")), DROPPED: ("no", _("laid aside")),
}  # fmt: skip


def checks_in(scope: Scope) -> QuerySet[CrossCheck]:
    """Batches of unions in scope, newest first."""
    rows = CrossCheck.objects.filter(scope.unions()).select_related("union", "drafted_by", "sent_by", "closed_by")
    return rows.prefetch_related("results__roster").order_by("-pk")


def check_in(scope: Scope, public_id: str) -> CrossCheck:
    """One of them, or `NotFoundHere`."""
    row = checks_in(scope).filter(public_id=public_id).first()
    if row is None:
        raise NotFoundHere
    return row


def result_of(check: CrossCheck) -> CrossCheckResult | None:
    """The table that counts: the newest that is not laid aside, unreadable or taken back."""
    live = [one for one in check.results.all() if one.roster.state not in _GONE]
    return max(live, key=lambda one: one.pk, default=None)


def step_of(check: CrossCheck, today: date) -> str:
    """How far a batch is."""
    if check.dropped_at is not None:
        return DROPPED
    if check.sent_on is None:
        return DRAFTED
    if check.closed_at is not None:
        return CLOSED
    result = result_of(check)
    if result is not None:
        return SETTLED if result.roster.state == _Import.DONE else BACK
    return LATE if check.due_on is not None and check.due_on < today else SENT


def in_step(rows: QuerySet[CrossCheck], step: str) -> QuerySet[CrossCheck]:
    """Those of the batches that are so far; the same as a line of the list says of each."""
    if step == DROPPED:
        return rows.filter(dropped_at__isnull=False)
    live = CrossCheckResult.objects.filter(check_batch=OuterRef("pk")).exclude(roster__state__in=_GONE)
    newest = Subquery(live.order_by("-pk").values("roster__state")[:1])
    rows = rows.filter(dropped_at__isnull=True).annotate(live=newest)
    if step == DRAFTED:
        return rows.filter(sent_on__isnull=True)
    rows = rows.filter(sent_on__isnull=False)
    if step == CLOSED:
        return rows.filter(closed_at__isnull=False)
    rows = rows.filter(closed_at__isnull=True)
    if step == WAITS:
        return rows.filter(pk__in=waiting_ids(LEAVES))
    rows = rows.exclude(pk__in=waiting_ids(LEAVES))
    if step in {BACK, SETTLED}:
        return rows.filter(live=_Import.DONE) if step == SETTLED else rows.exclude(live=_Import.DONE).exclude(live=None)
    late = Q(due_on__lt=clock.today())
    return rows.filter(late if step == LATE else ~late, live=None)


def is_unanswered(check: CrossCheck) -> bool:
    """Whether a batch is with the bureau and nothing came back that counts."""
    return step_of(check, clock.today()) in {SENT, LATE} and not waiting_for_a_second([check.pk])


def closed_words(check: CrossCheck) -> str:
    """When, by whom and why a batch was closed without an answer; nothing of any other."""
    if check.closed_at is None or check.closed_by is None:
        return ""
    return f"{check.closed_at.astimezone(clock.LOCAL).date()} · {check.closed_by.display_name} · {check.closed_why}"


@dataclass(frozen=True)
class CheckLine:
    """One batch on the list."""

    check: CrossCheck
    step: str
    late: int  # working days
    subjects: int
    ready: int
    answered: int | None
    facts: str

    @property
    def tag(self) -> tuple[str, str | Promise]:
        """Colour and word of its state; late is told with its days."""
        return STEPS.get(self.step, STEPS[SENT])


def check_lines(checks: Collection[CrossCheck], today: date) -> list[CheckLine]:
    """Batches found in scope, as lines."""
    home_here = Q(household__isnull=True) | Q(stands_below("household__union_id", "check_batch__union_id"))
    here = CrossCheckSubject.objects.filter(home_here, stands_below("person__union_id", "check_batch__union_id"))
    rows = here.filter(check_batch__in=checks).values_list("check_batch_id")
    counted = rows.annotate(n=Count("pk"), sent=Count("pk", filter=Q(sent=True)))
    counts = {pk: (n, sent) for pk, n, sent in counted}
    waiting = waiting_for_a_second({check.pk for check in checks if check.sent_on})
    return [_line(check, today, check.pk in waiting, *counts.get(check.pk, (0, 0))) for check in checks]


def _line(check: CrossCheck, today: date, waits: bool, many: int, sent: int) -> CheckLine:
    step = WAITS if waits else step_of(check, today)
    ready = sent if check.sent_on else sum(one.is_ready for one in rows_of(check, today))
    result = result_of(check)
    late = workdays_late(check.due_on, today) if step == LATE and check.due_on else 0
    return CheckLine(check, step, late, many, ready, answered(result) if result else None, fact_words(check.facts))


def answered(result: CrossCheckResult) -> int:
    """How many rows of a result were answers about somebody."""
    counts = result.roster.counts
    return int(counts.get("changed", 0)) + int(counts.get("same", 0)) + int(counts.get("new", 0))


def fact_words(keys: Collection[str]) -> str:
    """The facts of a batch in the reader's language."""
    return " · ".join(label_of(facts.get(key)) for key in keys if key in facts)


@dataclass(frozen=True)
class CheckRow:
    """Somebody in a batch: named, masked, with what is missing before the number may go out."""

    person_id: int
    person_public_id: str
    card: SubjectCard
    masked_number: str
    has_number: bool
    missing: Missing
    sent: bool
    id_key: str = ""  # by which a row of the answers is about this person

    @property
    def is_ready(self) -> bool:
        """Whether the number may go into the file."""
        return self.has_number and self.missing.is_complete


def subjects_here(check: CrossCheck) -> QuerySet[CrossCheckSubject]:
    """Who is in a batch and still belongs below its union: who moved away since is no longer its business."""
    below = descendants(check.union_id)
    rows = CrossCheckSubject.objects.filter(check_batch=check, person__union_id__in=below)
    if check.subject == "household":
        rows = rows.filter(household__union_id__in=below)
    return rows.order_by("pk")


def rows_of(check: CrossCheck, today: date) -> list[CheckRow]:
    """Everybody in a batch that the caller found in scope; a fixed number of queries."""
    subjects = list(subjects_here(check))
    ids = {_subject_id(check, one) for one in subjects}
    missing = missing_of(check.subject, ids, check.bureau, today, check.facts)
    cards = subject_cards(check.subject, ids, today=today)
    people = {
        person.pk: person
        for person in Person.objects.filter(pk__in=[one.person_id for one in subjects]).defer("phone", "data_key")
    }
    return [_row(check, one, people[one.person_id], cards, missing) for one in subjects]


def whose_word(check: CrossCheck, today: date) -> set[int]:
    """Everybody on whose signature and consent this batch rests; a fixed number of queries."""
    return asked_of(check.subject, {_subject_id(check, one) for one in subjects_here(check)}, today)


def _row(
    check: CrossCheck, one: CrossCheckSubject, person: Person, cards: Mapping[int, SubjectCard],
    missing: Mapping[int, Missing],
) -> CheckRow:  # fmt: skip
    subject_id = _subject_id(check, one)
    return CheckRow(
        person.pk, person.public_id, cards[subject_id], mask_number(person.id_number) if person.id_number else "",
        bool(person.id_number), missing[subject_id], one.sent, person.id_key or "",
    )  # fmt: skip


def _subject_id(check: CrossCheck, one: CrossCheckSubject) -> int:
    return int(one.household_id or 0) if check.subject == "household" else one.person_id


@dataclass(frozen=True)
class OpenBatch:
    """What a batch's page shows before anything is back."""

    check: CrossCheck
    rows: list[CheckRow]

    @cached_property
    def ready(self) -> list[CheckRow]:
        """Who goes into the file, or went."""
        if self.check.sent_on is None:
            return [row for row in self.rows if row.is_ready]
        # Until the answers are in, the file can still be taken: who may no longer be asked is no longer in it.
        return [row for row in self.rows if row.sent and (row.is_ready or self.is_over)]

    @cached_property
    def is_over(self) -> bool:
        """Whether the bureau's table is here, or is waited for no more."""
        return self.check.closed_at is not None or result_of(self.check) is not None

    @cached_property
    def left(self) -> list[CheckRow]:
        """Who does not, with what is missing."""
        inside = {row.person_id for row in self.ready}
        return [row for row in self.rows if row.person_id not in inside]


def waiting_for_a_second(check_ids: Collection[int]) -> set[int]:
    """Those of these batches that a second person has to confirm before their file can be taken."""
    return waiting_objects(LEAVES, check_ids)


def to_confirm(request: HttpRequest) -> dict[str, Any]:
    """For the second person's first page: batches whose files wait for his word."""
    checks = list(checks_in(scope_of(request.user, "people.check:confirm")).filter(sent_on__isnull=False)[:200])
    waiting = waiting_for_a_second({check.pk for check in checks})
    rows = [check for check in checks if check.pk in waiting]
    return {"rows": rows[:FIRST_PAGE_ROWS], "count": len(rows)}


@dataclass(frozen=True)
class SecondWord:
    """What the second person has to say about a batch, or said: who asked, or who sent it back and why."""

    asked_by: str = ""
    returned_by: str = ""
    note: str = ""


def second_word(check: CrossCheck) -> SecondWord:
    """How a batch stands with the second person; the caller found it in scope."""
    waiting = open_approval_of(LEAVES, check.pk)
    if waiting is not None:
        return SecondWord(asked_by=waiting.asked_by.display_name)
    last = last_answer_of(LEAVES, check.pk)
    if last is not None and check.sent_on is None and last.decided_by is not None:
        return SecondWord(returned_by=last.decided_by.display_name, note=last.note)
    return SecondWord()


def due_checks(request: HttpRequest) -> dict[str, Any]:
    """For the officer's first page: batches that are late, due today, or back, the oldest first."""
    today = clock.today()
    scope = scope_of(request.user, READ)
    sent = checks_in(scope).filter(sent_on__isnull=False, dropped_at__isnull=True, closed_at__isnull=True)
    waiting = sent.exclude(results__roster__state=_Import.DONE).order_by("due_on", "pk")
    rows = [line for line in check_lines(list(waiting[:50]), today) if line.step != SENT or line.check.due_on == today]
    return {"rows": rows[:FIRST_PAGE_ROWS], "count": len(rows)}


def late_count(request: HttpRequest) -> int | None:
    """How many batches are late, for the menu."""
    late = checks_in(scope_of(request.user, READ)).filter(due_on__lt=clock.today(), closed_at__isnull=True)
    return late.exclude(results__roster__in=RosterImport.objects.exclude(state__in=_GONE)).count() or None


def asked_already(bureau: str, keys: Collection[str], person_ids: Collection[int]) -> set[int]:
    """Those about whom this bureau has been asked the same, and whose answer is waited for."""
    rows = CrossCheckSubject.objects.filter(
        check_batch__bureau=bureau,
        check_batch__dropped_at__isnull=True,
        check_batch__closed_at__isnull=True,
        person_id__in=person_ids,
    ).filter(Q(sent=True) | Q(check_batch__sent_on__isnull=True))
    rows = rows.exclude(check_batch__results__roster__state=_Import.DONE)
    wanted = set(keys)
    return {pk for pk, asked in rows.values_list("person_id", "check_batch__facts") if wanted & set(asked)}


def may_send(user: User, check: CrossCheck) -> bool:
    """Whether a user may send, take and settle this batch."""
    return scope_of(user, "people.check:send").reaches_union(check.union_id)


def check_of_roster(scope: Scope, roster: RosterImport) -> CrossCheck:
    """The batch that a table answers, or `NotFoundHere`."""
    row = checks_in(scope).filter(results__roster=roster).first()
    if row is None:
        raise NotFoundHere
    return row
