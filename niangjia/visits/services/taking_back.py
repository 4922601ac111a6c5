"""Taking back a visit or a paper that was recorded by mistake: it stays readable, and counts nowhere."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from niangjia.accounts.models import User
from niangjia.core import clock
from niangjia.core.errors import NotFoundHere, Refusal
from niangjia.federation.scopes import require
from niangjia.federation.services import audit
from niangjia.people.services.households import locked
from niangjia.people.services.own_matters import not_his_own
from niangjia.people.services.withdrawing import withdraw_facts
from niangjia.visits import queries
from niangjia.visits.models import (
    CampaignFile,
    Departure,
    HomeVisit,
    Paper,
    PaperTakenBack,
    VisitTakenBack,
)
from niangjia.visits.permissions import RECORD
from niangjia.visits.services.leaving import WhyTakenBack


class TakenBackAlready(Refusal):
    """Somebody was faster."""

    sentence = _("It is taken back already. Nothing was changed.")


class LeftUponIt(Refusal):
    """What a decision rests on stays."""

    sentence = _(
        "The household left its file upon this visit, on %(day)s, so it stays. If it should not have left, open a file "
        "for it again and record a visit that says how things are; that one stands over this. Nothing was changed."
    )


class GradedUponIt(Refusal):
    """What a decision rests on stays."""

    sentence = _(
        "The grade in force was decided upon this visit, on %(day)s. Record the visit that was made, decide the grade "
        "upon it, and then take this one back. Nothing was changed."
    )


@transaction.atomic
def take_visit_back(*, public_id: str, reason: str, acting_user: User) -> VisitTakenBack:
    """Take back a visit: its facts are withdrawn, and the re-checks it did wait again, or for the next that did them.

    Refused while a decision rests on it: a file that was left upon it, the grade in force.
    """
    found = HomeVisit.objects.filter(public_id=public_id).first()
    if found is None:
        raise NotFoundHere
    union_id = _held(found.household_id, reason, acting_user)
    if VisitTakenBack.objects.filter(visit=found).exists():
        raise TakenBackAlready
    if refusal := what_rests_upon(found):
        raise refusal
    taken = VisitTakenBack.objects.create(
        visit=found, reason=reason.strip()[:200], taken_back_by=acting_user, taken_back_at=clock.now()
    )
    facts = list(found.answers.values_list("fact_id", flat=True))
    withdraw_facts(fact_ids=facts, reason=reason.strip(), acting_user=acting_user)
    _wait_again(found)
    audit.record(
        "visits.visit:take_back", acting_user=acting_user, object_kind="household", object_id=found.household_id,
        union_id=union_id, before={"purpose": found.purpose, "on": found.visited_on, "facts": len(facts)},
        reason=reason.strip(),
    )  # fmt: skip
    return taken


def _held(household_id: int, reason: str, acting_user: User) -> int:
    """The union of a household that somebody may take something back from; leaving and grading wait meanwhile."""
    union_id = locked(household_id).union_id
    require(acting_user, RECORD, union_id)
    not_his_own(acting_user, "household", household_id)
    if not reason.strip():
        raise WhyTakenBack(field="reason")
    return union_id


def what_rests_upon(visit: HomeVisit) -> Refusal | None:
    """The decision that keeps a visit from being taken back, with what to do; or nothing."""
    departure = Departure.objects.filter(visit=visit).first()
    if departure is not None:
        return LeftUponIt(LeftUponIt.sentence % {"day": departure.exited_on})
    file = queries.open_file(visit.household_id)
    grading = file and queries.gradings_of(visit.household_id).filter(file_id=file.pk).first()
    if grading and grading.visit_id == visit.pk:
        return GradedUponIt(GradedUponIt.sentence % {"day": grading.decided_on})
    return None


def _wait_again(visit: HomeVisit) -> None:
    for row in queries.done_by(visit):
        CampaignFile.objects.filter(pk=row.pk).update(visit=queries.done_instead(row))


@transaction.atomic
def take_paper_back(*, public_id: str, reason: str, acting_user: User) -> PaperTakenBack:
    """Take back a paper: the one before it stands again, or the list says that it is missing."""
    found = Paper.objects.filter(public_id=public_id).first()
    if found is None:
        raise NotFoundHere
    union_id = _held(found.household_id, reason, acting_user)
    if PaperTakenBack.objects.filter(paper=found).exists():
        raise TakenBackAlready
    taken = PaperTakenBack.objects.create(
        paper=found, reason=reason.strip()[:200], taken_back_by=acting_user, taken_back_at=clock.now()
    )
    audit.record(
        "visits.paper:take_back", acting_user=acting_user, object_kind="household", object_id=found.household_id,
        union_id=union_id, before={"paper": found.name, "on": found.dated_on}, reason=reason.strip(),
    )  # fmt: skip
    return taken
