"""Deleting what is kept of a person who asked for it: planned, confirmed by a second person, carried out in one act.

What no term of the inventory holds goes; his key is destroyed, so that what decisions and the audit trail
keep sealed with it can never be read again, while their chain goes on to verify.
"""

from __future__ import annotations

import logging
from datetime import date, timedelta

from django.db import transaction
from django.db.models import ProtectedError, Q
from django.utils.translation import gettext_lazy as _

from niangjia.accounts.models import User
from niangjia.core import clock, crypto
from niangjia.core.errors import Refusal
from niangjia.core.facts import leave_with
from niangjia.federation.scopes import require
from niangjia.federation.services import approvals, audit
from niangjia.federation.services.approvals import Approval
from niangjia.federation.services.own_access import own_users, shut_own_access
from niangjia.files.services.ownership import forget_files
from niangjia.files.services.papers import forget_papers
from niangjia.people.erasure import NOBODY, Part, Plan, Stay, carry_out, parts, plan_of
from niangjia.people.household_rows import left_without_head
from niangjia.people.mine import ERASURE
from niangjia.people.models import (
    EmploymentSpell,
    HardshipFile,
    Household,
    HouseholdMember,
    Mandate,
    MembershipSpell,
    OfficerPerson,
    OwnAnswer,
    OwnRequest,
    Person,
    PersonMerge,
    RecordedFact,
    Statement,
    SuspectedPair,
    Verification,
)
from niangjia.people.services.own_matters import not_his_own
from niangjia.people.services.requests import AnswerNeedsSentence, open_request, write_answer

PROPOSE, CONFIRM, KIND = "people.erasure:propose", "people.erasure:confirm", ERASURE
FILE_YEARS = 10


logger = logging.getLogger(__name__)


class StillPointedAt(Refusal):
    """A room keeps something that the plan does not name."""

    sentence = _(
        "Something that the plan does not name still points at what would go. Nothing was deleted. "
        "Tell whoever looks after this installation: its log says what it is."
    )


def register() -> None:
    """Offer the confirmation and this room's parts of a deletion."""
    approvals.kinds.register(
        KIND, approvals.ApprovalKind(KIND, _("Deletion of a person"), CONFIRM, _digest, _confirmed, _returned)
    )
    strip = _("Name, numbers, telephone, and the key of what is sealed")
    for part in (
        Part("people.access", _("Log-in"), lambda pk: len(_open_accounts(pk)), _none, _forget_access, _no_hold),
        Part("people.facts", _("Facts and photographs"), _fact_rows, _facts_that_stay, _forget_facts, _no_hold),
        Part("people.jobs", _("Jobs and membership"), _spells, _none, _forget_spells, _no_hold),
        Part(
            "people.household",
            _("Household"),
            _homes_that_go,
            _homes_that_stay,
            _leave_home,
            file_holds,
            _household_left_behind,
        ),
        Part("people.merges", _("Files that were merged"), _merges, _none, _forget_merges, _no_hold, _file_left_behind),
        Part("people.person", strip, _one, _none, _strip, _no_hold),
    ):
        parts.register(part.code, part)


@transaction.atomic
def propose_erasure(*, public_id: str, acting_user: User) -> Approval:
    """Send the plan of a deletion to the second person, as it stands now."""
    row = open_request(public_id, "erase")
    require(acting_user, PROPOSE, row.union_id)
    not_his_own(acting_user, "person", row.person_id)
    return approvals.ask(kind=KIND, object_id=row.pk, union_id=row.union_id, acting_user=acting_user)


@transaction.atomic
def refuse_erasure(*, public_id: str, note: str, acting_user: User) -> OwnAnswer:
    """Answer that nothing can be deleted now, with the reason the person reads."""
    row = open_request(public_id, "erase")
    require(acting_user, PROPOSE, row.union_id)
    not_his_own(acting_user, "person", row.person_id)
    if not note.strip():
        raise AnswerNeedsSentence(field="note")
    return write_answer(row, OwnAnswer.Verdict.RETURNED, note, acting_user)


def _digest(object_id: int) -> str:
    return plan_of(OwnRequest.objects.get(pk=object_id).person_id).digest()


def _confirmed(approval: Approval, acting_user: User) -> None:
    row = OwnRequest.objects.select_for_update().get(pk=approval.object_id)
    not_his_own(acting_user, "person", row.person_id)
    plan = plan_of(row.person_id)
    _erase(plan, row.union_id, acting_user)
    verdict = OwnAnswer.Verdict.PARTLY if plan.keeps_name else OwnAnswer.Verdict.DONE
    write_answer(row, verdict, "", acting_user, plan.until)


def _returned(approval: Approval, acting_user: User) -> None:
    """Sent back: the request goes on waiting for its officer."""


def _erase(plan: Plan, union_id: int, acting_user: User | None) -> None:
    Person.objects.select_for_update().get(pk=plan.person_id)
    try:
        carry_out(plan)
    except ProtectedError as found:
        logger.exception("A deletion was stopped: something of a room without a part in it points at what would go.")
        raise StillPointedAt from found
    audit.record(
        "people.person:erase", acting_user=acting_user, object_kind="person", object_id=plan.person_id,
        union_id=union_id,
        after={"parts": {line.code: line.goes for line in plan.lines}, "keeps_name": plan.keeps_name},
    )  # fmt: skip


def finish_erasures() -> str:
    """Delete the rest of what had to stay, once nothing holds it any more. System act, a nightly duty.

    One that cannot be finished is noted for the desk and stops no other.
    """
    waiting = OwnAnswer.objects.filter(
        verdict=OwnAnswer.Verdict.PARTLY, request__person__erased_at__isnull=True
    ).select_related("request")
    done = failed = 0
    for answer in waiting:
        try:
            done += _finish(answer)
        except Exception:
            logger.exception("The deletion %s could not be finished; the others go on.", answer.request.public_id)
            OwnAnswer.objects.filter(pk=answer.pk).update(failed_at=clock.now())
            failed += 1
    return f"{done} deletions finished" + (f", {failed} failed" if failed else "")


@transaction.atomic
def _finish(answer: OwnAnswer) -> int:
    plan = plan_of(answer.request.person_id)
    if plan.keeps_name:
        return 0
    _erase(plan, answer.request.union_id, None)
    OwnAnswer.objects.filter(pk=answer.pk).update(failed_at=None)
    return 1


def _none(person_id: int) -> int:
    return 0


def _one(person_id: int) -> int:
    return 1


def _no_hold(person_id: int) -> list[Stay]:
    return []


def _open_accounts(person_id: int) -> list[User]:
    return [user for user in own_users(person_id) if user.is_active]


def _forget_access(person_id: int, keep: bool) -> None:
    shut_own_access(person_id=person_id, acting_user=None)


def file_holds(person_id: int) -> list[Stay]:
    """What of a file of difficulty keeps everything about its household, and until when."""
    homes = HouseholdMember.objects.filter(person_id=person_id).values("household_id")
    found = []
    for file in HardshipFile.objects.filter(household_id__in=homes):
        until = _years_on(file.exited_on, FILE_YEARS) if file.exited_on else None
        if until is None or until >= clock.today():
            found.append(Stay(_("The household's file of difficulty is kept ten years after it was closed."), until))
    return found


def _years_on(day: date, years: int) -> date:
    return date(day.year + years, day.month, 1) + timedelta(days=31)


def _facts_of(person_id: int) -> int:
    facts = RecordedFact.objects.filter(subject_kind="person", subject_id=person_id).count()
    return facts + Statement.objects.filter(subject_kind="person", subject_id=person_id).count()


def _fact_rows(person_id: int) -> int:
    return 0 if file_holds(person_id) else _facts_of(person_id)


def _facts_that_stay(person_id: int) -> int:
    return _facts_of(person_id) if file_holds(person_id) else 0


def _forget_facts(person_id: int, keep: bool) -> None:
    if not file_holds(person_id):
        _forget_about("person", person_id)
        forget_papers(subject_kind="person", subject_id=person_id)
    # Derived rows go with the subject, as when a record was made by mistake.
    for leave in leave_with.all():
        leave("person", [person_id])


def _forget_about(kind: str, subject_id: int) -> None:
    statements = Statement.objects.filter(subject_kind=kind, subject_id=subject_id)
    files = list(statements.exclude(evidence=None).values_list("evidence_id", flat=True))
    RecordedFact.objects.filter(subject_kind=kind, subject_id=subject_id).delete()
    Verification.objects.filter(statement__in=statements).delete()
    statements.delete()
    forget_files(files)


def _spells(person_id: int) -> int:
    jobs = EmploymentSpell.objects.filter(person_id=person_id).count()
    return jobs + MembershipSpell.objects.filter(person_id=person_id).count()


def _forget_spells(person_id: int, keep: bool) -> None:
    EmploymentSpell.objects.filter(person_id=person_id).delete()
    MembershipSpell.objects.filter(person_id=person_id).delete()


def _homes_that_go(person_id: int) -> int:
    return 0 if file_holds(person_id) else HouseholdMember.objects.filter(person_id=person_id).count()


def _homes_that_stay(person_id: int) -> int:
    return HouseholdMember.objects.filter(person_id=person_id).count() - _homes_that_go(person_id)


def _household_left_behind(person_id: int) -> str:
    others = left_without_head(person_id)
    sentence = _(
        "This person heads a household in which %(others)s others stay. Without the head it stands on the first page "
        "until somebody names another one; better change the head there first."
    )
    return sentence % {"others": others} if others else ""


def _leave_home(person_id: int, keep: bool) -> None:
    if keep:
        return
    places = HouseholdMember.objects.filter(person_id=person_id)
    homes = list(places.values_list("household_id", flat=True))
    # Whoever stays there waits on the first page until somebody is named.
    headed = places.filter(relation=HouseholdMember.Relation.HEAD, valid_to__isnull=True).values("household_id")
    Household.objects.filter(pk__in=headed).update(head_erased_on=clock.today())
    places.delete()
    for home in Household.objects.filter(pk__in=homes).exclude(members__isnull=False):
        # Nobody is left who lives there.
        _forget_about("household", home.pk)
        Household.objects.filter(pk=home.pk).update(address="")
        HardshipFile.objects.filter(household=home).update(cause="")


def _merges(person_id: int) -> int:
    return PersonMerge.objects.filter(survivor_id=person_id).count()


def _file_left_behind(person_id: int) -> str:
    alike = SuspectedPair.objects.filter(Q(person_id=person_id) | Q(other_id=person_id), told_apart_at__isnull=True)
    sentence = _(
        "Another file may be of the same person. It stays, with the name and numbers in it; better answer first "
        "whether the two are one."
    )
    return str(sentence) if alike.exists() else ""


def _forget_merges(person_id: int, keep: bool) -> None:
    """What a file was before it went into this one lies whole in the merge: it goes with the name."""
    SuspectedPair.objects.filter(Q(person_id=person_id) | Q(other_id=person_id)).delete()
    if not keep:
        PersonMerge.objects.filter(survivor_id=person_id).delete()


def _strip(person_id: int, keep: bool) -> None:
    now = clock.now()
    Mandate.objects.filter(person_id=person_id, ended_at__isnull=True).update(ended_at=now)
    Mandate.objects.filter(deputy_id=person_id, ended_at__isnull=True).update(ended_at=now)
    requests = OwnRequest.objects.filter(person_id=person_id)
    papers = list(requests.exclude(evidence=None).values_list("evidence_id", flat=True))
    requests.update(wanted="", says="", evidence=None)
    forget_files(papers)
    person = Person.objects.get(pk=person_id)
    person.phone = ""
    if not keep:
        person.name, person.sex, person.born_on, person.id_number = NOBODY, "", None, ""
        # The old key is gone with this: whatever is sealed with it stays sealed for ever.
        person.data_key, person.erased_at = crypto.new_key().hex(), now
        # Of an officer nothing is known then; the list of officers says so until a colleague says it anew.
        said = OfficerPerson.objects.filter(person_id=person_id, ended_at__isnull=True)
        said.update(ended_at=now, end_reason=NOBODY)
    person.save()
