"""Batches for other bureaus: drafting, sending, taking the file, handing the answers in, deciding, settling."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from datetime import date
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from niangjia.accounts.models import User
from niangjia.core import clock
from niangjia.core.errors import NotFoundHere, Refusal
from niangjia.federation.listing.units import Count
from niangjia.federation.scopes import require
from niangjia.federation.services import audit
from niangjia.people.bureaux import answers, batches
from niangjia.people.bureaux.drafting import who_stands_for
from niangjia.people.bureaux.offers import wanted_visits
from niangjia.people.bureaux.outfile import check_workbook, named_in
from niangjia.people.bureaux.suppliers import bureaus_of
from niangjia.people.models import (
    CrossCheck,
    CrossCheckChoice,
    CrossCheckResult,
    CrossCheckSubject,
    HouseholdMember,
    Person,
    RosterImport,
)
from niangjia.people.rosters.parts.person import id_key
from niangjia.people.services import rosters
from niangjia.people.services.check_close import refuse_closed
from niangjia.people.services.check_leave import ask_where_many, check_allowed
from niangjia.people.services.consents import hold_answers
from niangjia.people.services.own_matters import not_his_own

SEND = "people.check:send"
RESULTS = "check_results"
MOST_SUBJECTS = 5_000
ADVICE = "advice"


class NoFactChosen(Refusal):
    """A batch asks something."""

    sentence = _("Please tick at least one fact that this bureau can answer.")


class NobodyToCheck(Refusal):
    """All asked about already, or none in scope."""

    sentence = _(
        "Nobody is left for this batch: everybody chosen is in a batch for this bureau already. Nothing was made."
    )


class TooManySubjects(Refusal):
    """A file a bureau can work on."""

    sentence = _("A batch holds at most 5,000. Please make it in parts, town by town.")


class NobodyMaySend(Refusal):
    """No signature, no number."""

    sentence = _(
        "Nobody in this batch has both signed and consented, so no number may leave. "
        "Enter the signed authorities first."
    )


class NotAtThisStep(Refusal):
    """Somebody was faster, or the page was old."""

    sentence = _("This batch has gone on meanwhile. Nothing was changed; here is how it stands now.")


class DueTooEarly(Refusal):
    """The answer comes after the question."""

    sentence = _("The answer is due today or later. Please check the date.")


class AuthorityGone(Refusal):
    """A number leaves on a signature and a consent that stand."""

    sentence = _(
        "Nobody is left in this file: an authority no longer stands, or consent was taken back, of %(names)s. "
        "No number has left."
    )


class UndecidedRows(Refusal):
    """Each difference needs a person's decision."""

    sentence = _("Nobody has decided on some that say otherwise than the file: %(many)s. Nothing was entered.")


@transaction.atomic
def draft_check(
    *, union_id: int, bureau: str, keys: Collection[str], ids: Collection[int], title: str, request_id: str,
    acting_user: User,
) -> CrossCheck:  # fmt: skip
    """Draft a batch about households or persons below a union; who is asked about already is left out."""
    earlier = CrossCheck.objects.filter(request_id=request_id, drafted_by=acting_user).first()
    if earlier is not None:
        return earlier
    require(acting_user, SEND, union_id)
    kinds = {key.partition(".")[0] for key in keys}
    if len(kinds) != 1 or not all(bureau in bureaus_of(key) for key in keys):
        raise NoFactChosen(field="facts")
    subject = kinds.pop()
    found = who_stands_for(subject, ids, union_id)
    asked = batches.asked_already(bureau, keys, [person_id for person_id, _ in found])
    left = [pair for pair in found if pair[0] not in asked]
    if not left:
        raise NobodyToCheck
    if len(left) > MOST_SUBJECTS:
        raise TooManySubjects
    try:
        with transaction.atomic():
            check = CrossCheck.objects.create(
                union_id=union_id, bureau=bureau, subject=subject, facts=sorted(keys), title=title.strip()[:120],
                drafted_by=acting_user, drafted_at=clock.now(), request_id=request_id,
            )  # fmt: skip
    except IntegrityError:
        raise NotFoundHere from None  # somebody else's request id is a stranger's
    CrossCheckSubject.objects.bulk_create(
        [CrossCheckSubject(check_batch=check, person_id=pk, household_id=home) for pk, home in left], batch_size=500
    )
    _tell("draft", check, acting_user, {"bureau": bureau, "facts": check.facts, "subjects": len(left)})
    return check


@transaction.atomic
def send_check(*, public_id: str, due_on: date, letter: str, acting_user: User) -> CrossCheck:
    """Send a batch: from now on it holds those whose authority is complete, and is due on a day."""
    check = _locked(public_id, acting_user)
    today = clock.today()
    if due_on < today:
        raise DueTooEarly(field="due_on")
    ready = [row.person_id for row in _rows_held(check, today) if row.is_ready]
    if not ready:
        raise NobodyMaySend
    sent = CrossCheck.objects.filter(pk=check.pk, sent_on__isnull=True, dropped_at__isnull=True).update(
        sent_on=today, sent_by=acting_user, due_on=due_on, letter=letter.strip()[:60]
    )
    if not sent:
        raise NotAtThisStep
    CrossCheckSubject.objects.filter(check_batch=check, person_id__in=ready).update(sent=True)
    check.refresh_from_db()
    ask_where_many(check, named_in(check, ready), acting_user)
    _tell("send", check, acting_user, {"bureau": check.bureau, "due": due_on, "subjects": len(ready)})
    return check


@transaction.atomic
def drop_check(*, public_id: str, acting_user: User) -> CrossCheck:
    """Lay a draft aside; what was sent stays."""
    check = _locked(public_id, acting_user)
    open_one = CrossCheck.objects.filter(pk=check.pk, sent_on__isnull=True, dropped_at__isnull=True)
    if not open_one.update(dropped_at=clock.now()):
        raise NotAtThisStep
    _tell("drop", check, acting_user, {})
    return check


@transaction.atomic
def draft_rest(*, public_id: str, request_id: str, acting_user: User) -> CrossCheck:
    """Draft a batch about those of a sent one whose authority was missing then; of a closed one, about everybody."""
    check = _locked(public_id, acting_user)
    if check.sent_on is None:
        raise NotAtThisStep
    left = batches.subjects_here(check)
    left = left if check.closed_at is not None else left.filter(sent=False)
    column = "household_id" if check.subject == "household" else "person_id"
    return draft_check(
        union_id=check.union_id, bureau=check.bureau, keys=check.facts, ids=list(left.values_list(column, flat=True)),
        title=check.title, request_id=request_id, acting_user=acting_user,
    )  # fmt: skip


@transaction.atomic
def take_file(*, public_id: str, acting_user: User) -> bytes:
    """The file of a sent batch with full numbers; each person's number that leaves is written down before.

    Whose authority ended, or who took his consent back, since the sending is left out of it.
    """
    check = _locked(public_id, acting_user)
    refuse_closed(check)
    if check.sent_on is None:
        raise NotAtThisStep
    rows = [row for row in _rows_held(check, clock.today()) if row.sent]
    gone = [row for row in rows if not row.is_ready]
    if len(gone) == len(rows):
        names = [name for row in gone for name in (row.missing.names + row.missing.refused or (row.card.name,))]
        raise AuthorityGone(AuthorityGone.sentence % {"names": "、".join(names[:10])})
    content, named = check_workbook(check, [row.person_id for row in rows if row.is_ready])
    check_allowed(check, len(named))
    digest = hashlib.sha256(content).hexdigest()
    reason = f"{check.bureau}比对 {check.letter} {check.public_id}".replace("  ", " ")
    audit.record_many(
        "people.check:reveal", acting_user=acting_user,
        rows=[
            audit.NewRow("person", one.pk, one.union_id, {}, {"check": check.public_id, "digest": digest}, reason)
            for one in named
        ],
    )  # fmt: skip
    if CrossCheck.objects.filter(pk=check.pk, file_digest="").update(file_digest=digest):
        # Their numbers never left: `sent` says so, and the rest can go into a batch of the next.
        out = CrossCheckSubject.objects.filter(check_batch=check, person_id__in=[row.person_id for row in gone])
        out.update(sent=False)
    _tell("take", check, acting_user, {"digest": digest, "numbers": len(named), "left_out": len(gone)})
    return content


def _rows_held(check: CrossCheck, today: date) -> list[batches.CheckRow]:
    """Everybody in a batch, as it stays until the transaction ends: a withdrawal counts before it, or waits for it."""
    held = batches.whose_word(check, today)
    hold_answers(held)
    if batches.whose_word(check, today) != held:
        raise NotAtThisStep
    return batches.rows_of(check, today)


@transaction.atomic
def receive_answers(
    *, public_id: str, upload: UploadedFile[Any], paper: str, true_on: date, request_id: str, acting_user: User
) -> CrossCheckResult:
    """Take the bureau's table in: it is read as rosters are, and waits for the officer's decisions."""
    check = _locked(public_id, acting_user)
    earlier = CrossCheckResult.objects.filter(check_batch=check, roster__request_id=request_id).first()
    if earlier is not None:
        return earlier
    refuse_closed(check)
    standing = batches.result_of(check)
    waits = bool(batches.waiting_for_a_second([check.pk]))
    if check.sent_on is None or waits or (standing is not None and standing.roster.state != RosterImport.State.DONE):
        raise NotAtThisStep
    source = f"{check.bureau}比对 {paper.strip() or check.letter}".strip()
    roster = rosters.receive_roster(
        upload=upload, kind=RESULTS, union_id=check.union_id, source=source, true_on=true_on, request_id=request_id,
        acting_user=acting_user,
    )  # fmt: skip
    result = CrossCheckResult.objects.create(check_batch=check, roster=roster)
    _tell("receive", check, acting_user, {"roster": roster.public_id})
    return result


@transaction.atomic
def choose(*, public_id: str, number: int, choice: str, acting_user: User) -> CrossCheckChoice:
    """Decide on one row of the answers; until the batch is settled it may be decided otherwise."""
    check = _locked(public_id, acting_user)
    result = _to_decide(check)
    row = answers.Answers(result).row(number)
    if row is None or choice not in CrossCheckChoice.Choice.values:
        raise NotFoundHere
    return _note_choice(check, result, row, choice, acting_user)


@transaction.atomic
def choose_rest(*, public_id: str, choice: str, acting_user: User) -> int:
    """Decide on all rows that nobody has decided: each as advised, or all kept as they are here."""
    check = _locked(public_id, acting_user)
    result = _to_decide(check)
    if choice not in (ADVICE, answers.KEEP):
        raise NotFoundHere
    undecided = answers.Answers(result).undecided
    for row in undecided:
        _note_choice(check, result, row, row.suggestion if choice == ADVICE else choice, acting_user)
    return len(undecided)


def _note_choice(
    check: CrossCheck, result: CrossCheckResult, row: answers.AnswerRow, choice: str, acting_user: User
) -> CrossCheckChoice:
    person = Person.objects.filter(id_key=id_key(row.id_number)).first()
    if person is None:
        raise NotFoundHere
    not_his_own(acting_user, "person", person.pk)
    made, _is_new = CrossCheckChoice.objects.update_or_create(
        result=result, number=row.number,
        defaults={"person": person, "choice": choice, "chosen_by": acting_user, "chosen_at": clock.now()},
    )  # fmt: skip
    audit.record(
        "people.check:decide", acting_user=acting_user, object_kind="person", object_id=person.pk,
        union_id=person.union_id, after={"check": check.public_id, "choice": choice},
    )  # fmt: skip
    return made


def _to_decide(check: CrossCheck) -> CrossCheckResult:
    result = batches.result_of(check)
    if result is None or result.roster.state != RosterImport.State.CHECKED:
        raise NotAtThisStep
    return result


@transaction.atomic
def settle(*, public_id: str, acting_user: User) -> CrossCheckResult:
    """Enter what agrees and what was decided to be taken, in one transaction of the worker's."""
    check = _locked(public_id, acting_user)
    result = _to_decide(check)
    rosters.approve_roster(public_id=result.roster.public_id, acting_user=acting_user)
    _want_visits(check, result, acting_user)
    _tell("settle", check, acting_user, {"rows": answers.Answers(result).taken})
    return result


def _want_visits(check: CrossCheck, result: CrossCheckResult, acting_user: User) -> None:
    """Tell whoever plans visits; without anybody, the batch's page and the first page list them all the same."""
    people = result.choices.filter(choice=answers.VISIT).values("person_id")
    members = HouseholdMember.objects.filter(person_id__in=people, valid_to__isnull=True)
    homes = sorted(set(members.values_list("household_id", flat=True)))
    for want in wanted_visits.all() if homes else ():
        want(homes, f"{check.bureau}比对 {check.title}", acting_user)


def all_decided(roster: RosterImport) -> None:
    """Refuse an approval while a row that says otherwise has no decision."""
    result = CrossCheckResult.objects.filter(roster=roster).first()
    undecided = answers.Answers(result).undecided if result is not None else ()
    if undecided:
        raise UndecidedRows(UndecidedRows.sentence % {"many": Count(len(undecided), "row")})


def rows_left_out(roster: RosterImport) -> frozenset[int]:
    """Rows that were not taken: kept as they are, or to be seen by a visit."""
    chosen = CrossCheckChoice.objects.filter(result__roster=roster).exclude(choice=answers.TAKE)
    return frozenset(chosen.values_list("number", flat=True))


def _locked(public_id: str, acting_user: User) -> CrossCheck:
    check = CrossCheck.objects.select_for_update(of=("self",)).filter(public_id=public_id).first()
    if check is None:
        raise NotFoundHere
    require(acting_user, SEND, check.union_id)
    return check


def _tell(verb: str, check: CrossCheck, acting_user: User, after: dict[str, Any]) -> None:
    audit.record(
        f"people.check:{verb}", acting_user=acting_user, object_kind="cross_check", object_id=check.pk,
        union_id=check.union_id, after={"check": check.public_id, **after},
    )  # fmt: skip
