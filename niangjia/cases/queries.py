"""Reads of this room: every list starts from a scope."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from niangjia.accounts.models import User
from niangjia.cases.models import Assignment, DueReturn
from niangjia.cases.permissions import GIVE, HAND_DOWN, READ
from niangjia.core.errors import NotFoundHere
from niangjia.federation.scopes import Scope, scope_of


def assignments_in(user: User) -> QuerySet[Assignment]:
    """Tasks that unions in scope handed down, newest first; those taken back are among them."""
    return assignments_below(scope_of(user, READ))


def assignments_below(scope: Scope) -> QuerySet[Assignment]:
    """The same of a scope that was asked for already."""
    rows = Assignment.objects.filter(scope.unions())
    return rows.select_related("union", "handed_down_by", "attachment").order_by("-pk")


def assignment_in(user: User, public_id: str) -> Assignment:
    """One of them, or `NotFoundHere`."""
    row = assignments_in(user).filter(public_id=public_id).first()
    if row is None:
        raise NotFoundHere
    return row


def returns_of(assignment: Assignment) -> QuerySet[DueReturn]:
    """What each union owes of a task found in scope."""
    return assignment.returns.select_related("union").order_by("union__code")


def asked_of(user: User) -> QuerySet[DueReturn]:
    """What unions above one's own ask of unions in scope, the most urgent first."""
    return asked_below(scope_of(user, READ))


def asked_below(scope: Scope) -> QuerySet[DueReturn]:
    """The same of a scope that was asked for already."""
    rows = DueReturn.objects.filter(scope.unions(), assignment__withdrawn_at__isnull=True)
    rows = rows.exclude(Q(assignment__union_id__in=scope.union_ids()) if not scope.everything else Q())
    return rows.select_related("assignment__union", "union").order_by("due_on", "pk")


def due_return_in(user: User, public_id: str) -> DueReturn:
    """One return: whoever sees the union that owes it, or the one that asks, or `NotFoundHere`."""
    scope = scope_of(user, READ)
    rows = DueReturn.objects.filter(scope.unions() | scope.unions("assignment__union_id"), public_id=public_id)
    row = rows.select_related("assignment__union", "assignment__attachment", "union").first()
    if row is None:
        raise NotFoundHere
    return row


def may_give(user: User, due: DueReturn) -> bool:
    """Whether somebody may answer for this union."""
    return scope_of(user, GIVE).reaches_union(due.union_id)


def may_hand_down(user: User, union_id: int) -> bool:
    """Whether somebody may act for the union that asks."""
    return scope_of(user, HAND_DOWN).reaches_union(union_id)
