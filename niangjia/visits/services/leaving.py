"""Leaving the file upon a fresh check, calls back afterwards, and grades."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from niangjia.accounts.models import User
from niangjia.core import clock
from niangjia.core.errors import NotFoundHere, Refusal
from niangjia.core.facts import VISIT, facts
from niangjia.core.money import yuan
from niangjia.federation.scopes import require
from niangjia.federation.services import audit
from niangjia.people import queries as people
from niangjia.people.filepage import Leaving
from niangjia.people.services.households import change_grade
from niangjia.people.services.own_matters import not_his_own
from niangjia.visits import queries
from niangjia.visits.models import CallTakenBack, Departure, FollowUp, Grading, HomeVisit
from niangjia.visits.permissions import RECORD
from niangjia.visits.standards import Rules, months_later, whole_months

INCOME = "household.income_per_head"


class NoFreshCheck(Refusal):
    """Nobody leaves the file unseen."""

    sentence = _(
        "No check of this household that is at most %(days)s days old is recorded. The file stays open, and nothing "
        "that was paid is taken back. Visit the household, record the check, then close the file."
    )


class CheckSaysStill(Refusal):
    """The newest check decides."""

    sentence = _("The newest check, of %(day)s, found the household still in hardship. The file stays open.")


class OneGoodMonth(Refusal):
    """Better for long enough."""

    sentence = _(
        "It has been better since %(since)s: %(months)s whole months, and %(least)s are asked for. One good month is "
        "not enough. The file stays open; from %(day)s on it can be closed upon a fresh check."
    )


class IncomeNotSeen(Refusal):
    """The income behind the exit must be as fresh as the check."""

    sentence = _(
        "The income on record is older than %(days)s days, or nobody has seen it. Ask for it at the visit and record "
        "it there. The file stays open."
    )


class IncomeBelowLine(Refusal):
    """Above the line, or not."""

    sentence = _("Income per head is %(income)s yuan a month; it must lie above %(line)s. The file stays open.")


class CallDone(Refusal):
    """Somebody was faster."""

    sentence = _("A colleague has already recorded this call. Nothing was changed.")


class NoCallToTakeBack(Refusal):
    """Not noted, or somebody was faster."""

    sentence = _("This call is not recorded as done, so there is nothing to take back. Nothing was changed.")


class WhyTakenBack(Refusal):
    """It stays on record with its reason."""

    sentence = _("Please write in one sentence why it is taken back. Nothing was changed.")


class ResultMissing(Refusal):
    """What came of it."""

    sentence = _("Please choose what came of the call.")


class NoVisitToGradeBy(Refusal):
    """A grade stands on evidence."""

    sentence = _("A grade is decided upon a visit. Record one first; the grade stays as it is.")


@transaction.atomic
def record_departure(*, leaving: Leaving, acting_user: User) -> Departure:
    """Let a household leave its file upon a fresh check that found it better for long enough, or refuse."""
    require(acting_user, "people.registry:write", leaving.union_id)
    not_his_own(acting_user, "household", leaving.household_id)
    _standard, rules = queries.standard_for(leaving.union_id, leaving.exited_on)
    visit = queries.newest_check(leaving.household_id, leaving.entered_on, leaving.exited_on)
    age = (leaving.exited_on - visit.visited_on).days if visit else 0
    if visit is None or age > rules.check_days:
        raise NoFreshCheck(NoFreshCheck.sentence % {"days": rules.check_days})
    since = _better_since(visit)
    months = whole_months(since, leaving.exited_on)
    if months < rules.steady_months:
        raise OneGoodMonth(
            OneGoodMonth.sentence
            % {"since": since, "months": months, "least": rules.steady_months,
               "day": months_later(since, rules.steady_months)}
        )  # fmt: skip
    _income_is_above(leaving.household_id, leaving.exited_on, rules)
    departure = Departure.objects.create(
        file_id=leaving.file_id, household_id=leaving.household_id, visit=visit, exited_on=leaving.exited_on,
        visit_age_days=age, most_age_days=rules.check_days, better_months=months, least_months=rules.steady_months,
        recorded_by=acting_user, recorded_at=clock.now(),
    )  # fmt: skip
    FollowUp.objects.bulk_create(
        FollowUp(
            household_id=leaving.household_id, departure=departure, months=after,
            due_on=months_later(leaving.exited_on, after),
        )
        for after in rules.call_back_months
    )  # fmt: skip
    audit.record(
        "visits.departure:record", acting_user=acting_user, object_kind="household", object_id=leaving.household_id,
        union_id=leaving.union_id, after={"on": leaving.exited_on, "visit": visit.public_id},
    )  # fmt: skip
    return departure


def _better_since(visit: HomeVisit) -> date:
    if visit.verdict != HomeVisit.Verdict.BETTER or visit.better_since is None:
        raise CheckSaysStill(CheckSaysStill.sentence % {"day": visit.visited_on})
    return visit.better_since


def _income_is_above(household_id: int, on: date, rules: Rules) -> None:
    if rules.above_fen is None:
        return
    # As it is known today: an exit that is entered later rests on what was entered with it.
    reading = facts.get(INCOME).read([household_id], clock.today()).get(household_id)
    seen_on = reading.on if reading is not None and reading.proof >= VISIT else None
    if reading is None or seen_on is None or abs((on - seen_on).days) > rules.check_days:
        raise IncomeNotSeen(IncomeNotSeen.sentence % {"days": rules.check_days})
    if not isinstance(reading.value, int) or reading.value <= rules.above_fen:
        income = yuan(reading.value) if isinstance(reading.value, int) else "?"
        raise IncomeBelowLine(IncomeBelowLine.sentence % {"income": income, "line": yuan(rules.above_fen)})


@transaction.atomic
def record_call(*, public_id: str, done_on: date, result: str, note: str, acting_user: User) -> FollowUp:
    """Record a call back once, with what came of it."""
    found = FollowUp.objects.select_for_update().filter(public_id=public_id).first()
    if found is None:
        raise NotFoundHere
    union_id = people.owner_of("household", found.household_id)
    require(acting_user, RECORD, union_id)
    not_his_own(acting_user, "household", found.household_id)
    if result not in FollowUp.Result.values:
        raise ResultMissing(field="result")
    if found.done_on is not None:
        raise CallDone
    found.done_on, found.result, found.note, found.done_by = done_on, result, note.strip(), acting_user
    found.save(update_fields=["done_on", "result", "note", "done_by"])
    audit.record(
        "visits.follow_up:record", acting_user=acting_user, object_kind="household", object_id=found.household_id,
        union_id=union_id, after={"on": done_on, "result": result},
    )  # fmt: skip
    return found


@transaction.atomic
def take_call_back(*, public_id: str, reason: str, acting_user: User) -> CallTakenBack:
    """Take back a call that was noted by mistake: what it said is kept beside it, and the call is due again."""
    found = FollowUp.objects.select_for_update().filter(public_id=public_id).first()
    if found is None:
        raise NotFoundHere
    union_id = people.owner_of("household", found.household_id)
    require(acting_user, RECORD, union_id)
    not_his_own(acting_user, "household", found.household_id)
    if not reason.strip():
        raise WhyTakenBack(field="reason")
    if found.done_on is None or found.done_by is None:
        raise NoCallToTakeBack
    taken = CallTakenBack.objects.create(
        follow_up=found, done_on=found.done_on, result=found.result, note=found.note, done_by=found.done_by,
        reason=reason.strip()[:200], taken_back_by=acting_user, taken_back_at=clock.now(),
    )  # fmt: skip
    found.done_on, found.result, found.note, found.done_by = None, "", "", None
    found.save(update_fields=["done_on", "result", "note", "done_by"])
    audit.record(
        "visits.follow_up:take_back", acting_user=acting_user, object_kind="household", object_id=found.household_id,
        union_id=union_id, before={"on": taken.done_on, "result": taken.result}, reason=reason.strip(),
    )  # fmt: skip
    return taken


@transaction.atomic
def decide_grade(
    *, household_id: int, file_id: int, grade: str, review_due_on: date, reason: str, acting_user: User
) -> Grading:
    """Decide a file's grade upon the newest visit, under the edition of the standard in force today."""
    # Held before the visit is looked up: none that is being taken back is decided upon.
    union_id = people.owner_of("household", household_id, hold=True)
    require(acting_user, RECORD, union_id)
    not_his_own(acting_user, "household", household_id)
    today = clock.today()
    visit = queries.newest_visit(household_id, today)
    if visit is None:
        raise NoVisitToGradeBy
    change_grade(
        household_id=household_id, grade=grade, review_due_on=review_due_on, reason=reason, acting_user=acting_user
    )
    standard, _rules = queries.standard_for(union_id, today)
    grading = Grading.objects.create(
        file_id=file_id, household_id=household_id, visit=visit, standard=standard, grade=grade, decided_on=today,
        decided_by=acting_user, decided_at=clock.now(),
    )  # fmt: skip
    audit.record(
        "visits.grade:decide", acting_user=acting_user, object_kind="household", object_id=household_id,
        union_id=union_id, after={"grade": grade, "visit": visit.public_id}, reason=reason,
    )  # fmt: skip
    return grading
