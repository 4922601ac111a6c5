"""The rules of this room's pointers, and of those in the rooms below, which know no persons."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from niangjia.core import clock
from niangjia.federation.queries import union_names
from niangjia.people.merging.plan import Plan
from niangjia.people.merging.rules import How, MergeRule, register_rules
from niangjia.people.models import SuspectedPair

_TWO_HOUSEHOLDS = _(
    "Both belong to a household today, and the two households differ. Where they are one family, open the page of the "
    "household that remains and let the other one join it; otherwise let this person leave the one that is not right, "
    "after another one was named there where the person heads it. Then merge again."
)

_ACTS_FOR_ITSELF = _("One of the two files acts for the other. End that family mandate first.")


def register() -> None:
    """Offer them."""
    register_rules(
        MergeRule("people.employmentspell.person_id", How.MOVES, _("Jobs"), settle=_jobs),
        MergeRule("people.householdmember.person_id", How.MOVES, _("Places in households"), settle=_households),
        MergeRule("people.membershipspell.person_id", How.MOVES, _("Spells of membership"), settle=_memberships),
        MergeRule("people.recordedfact.subject_id", How.MOVES, _("Recorded facts"), owner="union_id"),
        MergeRule("people.statement.subject_id", How.MOVES, _("Statements"), owner="union_id", settle=_papers),
        MergeRule("people.suspectedpair.person_id", How.ASIDE, settle=_pairs),
        MergeRule("people.suspectedpair.other_id", How.ASIDE, settle=_pairs),
        # An earlier merge into the file that leaves now leads on; its own undoing waits for this one's.
        MergeRule("people.personmerge.survivor_id", How.MOVES, _("Earlier merges")),
        MergeRule("people.personmerge.absorbed_id", How.STAYS),
        MergeRule("people.consent.person_id", How.MOVES, _("Consents"), owner="union_id", settle=_signed),
        MergeRule("people.mandate.person_id", How.MOVES, _("Family mandates"), owner="union_id", settle=_mandates),
        MergeRule("people.mandate.deputy_id", How.MOVES, _("Family mandates"), settle=_mandates),
        MergeRule("people.ownrequest.person_id", How.MOVES, _("Requests"), owner="union_id", settle=_papers),
        MergeRule("people.checkauthority.person_id", How.MOVES, _("Signed authorities")),
        MergeRule("people.authoritysigner.person_id", How.MOVES, _("Signed authorities"), settle=_once("authority_id")),
        MergeRule("people.crosschecksubject.person_id", How.MOVES, _("Bureau checks"), settle=_once("check_batch_id")),
        MergeRule("people.crosscheckchoice.person_id", How.MOVES, _("Bureau checks")),
        # One file per officer at a time, whichever of the two it was: nothing can stand twice.
        MergeRule("people.officerperson.person_id", How.MOVES, _("Officers who are this person")),
        MergeRule("files.papercode.subject_id", How.MOVES, _("Printed forms"), owner="union_id"),
        MergeRule("federation.grant.scope_id", How.MOVES, _("Log-ins"), word="self", settle=_log_ins),
        MergeRule("federation.auditrow.object_id", How.STAYS),
        MergeRule("federation.auditwaiting.row_id", How.STAYS),
        MergeRule("federation.looktasksubject.subject_id", How.STAYS),
        MergeRule("federation.approval.object_id", How.ELSEWHERE),
    )


def _jobs(plan: Plan, leaving: Sequence[Any], staying: Sequence[Any]) -> None:
    """The same job recorded in both files is one job."""
    known = {(job.employer_id, job.started_on) for job in staying}
    for job in leaving:
        if (job.employer_id, job.started_on) in known:
            plan.aside(job)
            plan.note(_("One job stands in both files; it is kept once."))


def _households(plan: Plan, leaving: Sequence[Any], staying: Sequence[Any]) -> None:
    theirs = next((place for place in leaving if place.valid_to is None), None)
    ours = next((place for place in staying if place.valid_to is None), None)
    if theirs is None or ours is None:
        return
    if ours.household_id != theirs.household_id:
        plan.block(_TWO_HOUSEHOLDS)
    else:
        plan.aside(theirs)
        if theirs.relation == "head":
            plan.change(ours, relation="head")
        plan.note(_("Both files stand in the same household; the person is counted there once."))


def _memberships(plan: Plan, leaving: Sequence[Any], staying: Sequence[Any]) -> None:
    """A transfer, not a second member: what is open elsewhere ends today and goes on with the file's own union."""
    theirs = next((spell for spell in leaving if spell.ended_on is None), None)
    ours = next((spell for spell in staying if spell.ended_on is None), None)
    if theirs is None or (ours is None and theirs.union_id == plan.survivor.union_id):
        return
    if theirs.joined_on > plan.today:
        plan.block(_("A membership of the file that would leave begins on a later day. Merge the two after that day."))
        return
    plan.change(theirs, ended_on=plan.today)
    names = union_names({theirs.union_id, ours.union_id if ours else plan.survivor.union_id})
    if ours is None:
        plan.make(
            "people.membershipspell", person_id=plan.survivor.pk, union_id=plan.survivor.union_id, joined_on=plan.today
        )
    told = {"old": names[theirs.union_id], "new": names[ours.union_id if ours else plan.survivor.union_id]}
    plan.note(_("The membership in %(old)s ends today and goes on in %(new)s: a transfer, not a second member.") % told)


def _papers(plan: Plan, leaving: Sequence[Any], staying: Sequence[Any]) -> None:
    for statement in leaving:
        if statement.evidence_id is not None:
            plan.own(statement.evidence, "union_id", plan.survivor.union_id)


def _signed(plan: Plan, leaving: Sequence[Any], staying: Sequence[Any]) -> None:
    for row in leaving:
        if row.paper_id is not None:
            plan.own(row.paper, "union_id", plan.survivor.union_id)


def _mandates(plan: Plan, leaving: Sequence[Any], staying: Sequence[Any]) -> None:
    """Nobody acts for himself, and nobody twice for one person."""
    both = {plan.survivor.pk, plan.absorbed.pk}
    known = {(row.person_id, row.deputy_id) for row in staying if row.ended_at is None}
    _signed(plan, leaving, staying)
    for row in leaving:
        ends = {plan.survivor.pk if end in both else end for end in (row.person_id, row.deputy_id)}
        after = tuple(plan.survivor.pk if end == plan.absorbed.pk else end for end in (row.person_id, row.deputy_id))
        if len(ends) == 1 and row.ended_at is None:
            plan.block(_ACTS_FOR_ITSELF)
        elif len(ends) == 1 or (row.ended_at is None and after in known):
            plan.aside(row)


def _once(column: str) -> Callable[[Plan, Sequence[Any], Sequence[Any]], None]:
    """Where the file that stays stands in the same list, the other place is laid aside."""

    def settle(plan: Plan, leaving: Sequence[Any], staying: Sequence[Any]) -> None:
        known = {getattr(row, column) for row in staying}
        for row in leaving:
            if getattr(row, column) in known:
                plan.aside(row)

    return settle


def _pairs(plan: Plan, leaving: Sequence[Any], staying: Sequence[Any]) -> None:
    """Whom the file that leaves was told apart from, the file that stays is told apart from too."""
    ours = SuspectedPair.objects.filter(Q(person=plan.survivor) | Q(other=plan.survivor))
    known = {pk for pair in ours.values_list("person_id", "other_id") for pk in pair}
    for pair in leaving:
        third = pair.other_id if pair.person_id == plan.absorbed.pk else pair.person_id
        if pair.told_apart_at is not None and third not in known | {plan.survivor.pk}:
            first, second = sorted((third, plan.survivor.pk))
            plan.make(
                "people.suspectedpair", person_id=first, other_id=second, signs=pair.signs, found_at=pair.found_at,
                reason=pair.reason, told_apart_by_id=pair.told_apart_by_id, told_apart_at=pair.told_apart_at,
            )  # fmt: skip


def _log_ins(plan: Plan, leaving: Sequence[Any], staying: Sequence[Any]) -> None:
    """One log-in goes on: nobody reaches another file by a telephone that does not stand in it."""
    moment = clock.now()
    theirs = [grant for grant in leaving if grant.revoked_at is None and grant.expires_at > moment]
    ours = [grant for grant in staying if grant.revoked_at is None and grant.expires_at > moment]
    same = plan.absorbed.phone_key == plan.survivor.phone_key or not plan.survivor.phone
    if theirs and (ours or not same):
        for grant in theirs:
            plan.change(grant, revoked_at=moment)
        plan.note(_("The log-in of the file that leaves ends; the person logs in with the telephone that stays."))
