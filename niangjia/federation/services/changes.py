"""Changes of the tree: proposed by one, confirmed by another, in force from their day; what was before stays.

A merged unit keeps its place in the tree, closed, under the unit it became part of: what was recorded with
it is reached from there, and figures of an earlier day find it where it stood.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from niangjia.accounts.models import User
from niangjia.core import clock
from niangjia.core.errors import NotFoundHere, Refusal
from niangjia.federation.models import Approval, Grant, Officer, TreeChange, Union, UnionEdge
from niangjia.federation.queries import parent_on
from niangjia.federation.scopes import require
from niangjia.federation.services import approvals, audit, tree

PLACE, CONFIRM = "federation.union:place", "federation.union:confirm"
APPROVAL_KIND = "federation.tree"
BACK, AHEAD = timedelta(days=31), timedelta(days=366)


class DayOutOfBounds(Refusal):
    """Figures that were given out already stay true."""

    sentence = _("The day lies more than 31 days back or more than a year ahead. Nothing was changed.")


class UnionEnded(Refusal):
    """A unit that became part of another neither moves nor takes units in."""

    sentence = _("One of these unions has ended. Nothing was changed. Choose one that still stands.")


class CodeTaken(Refusal):
    """Codes are unique."""

    sentence = _("Another union has this code already. Nothing was changed. Choose another code.")


class NothingToSplit(Refusal):
    """A split takes units along, and only those below."""

    sentence = _("Choose the units below this one that go to the new union. Nothing was changed.")


class DocumentMissing(Refusal):
    """A change of the tree stands on a document."""

    sentence = _("Please fill in the number of the document.")


class ReturnNeedsWords(Refusal):
    """What is sent back says why."""

    sentence = _("Please write in one sentence what is different.")


def register() -> None:
    """Offer the kind of confirmation a change of the tree takes."""
    approvals.kinds.register(
        APPROVAL_KIND,
        approvals.ApprovalKind(APPROVAL_KIND, _("Change of the tree"), CONFIRM, digest_of, _confirmed, _returned),
    )


def digest_of(change_id: int) -> str:
    """What exactly is confirmed."""
    row = TreeChange.objects.get(pk=change_id)
    text = audit.canonical([row.kind, row.hierarchy, row.union_id, row.target_id, row.on, row.document, row.details])
    return hashlib.sha256(text.encode()).hexdigest()


@transaction.atomic
def propose(
    *,
    kind: str,
    union: Union,
    on: date,
    document: str,
    target: Union | None = None,
    hierarchy: str = "place",
    new_unit: dict[str, str] | None = None,
    children: Sequence[int] = (),
    acting_user: User,
) -> TreeChange:
    """Propose a change; what could not be done is refused now, and not when the second person confirms.

    `new_unit` has code, name, level and kind of the union founded; `children` are ids of units that go to it.
    """
    scope = require(acting_user, PLACE, union.pk)
    # A split founds a union beside this one, so it takes the right over what both stand under.
    parent = parent_on(union.pk, on) if kind == TreeChange.Kind.SPLIT else None
    for other in (target.pk if target else None, parent):
        if other is not None:
            require(acting_user, PLACE, other)
    if not document.strip():
        raise DocumentMissing(field="document")
    details = audit.canonical({"unit": new_unit, "children": sorted(children)}) if new_unit else ""
    change = TreeChange.objects.create(
        kind=kind, hierarchy=hierarchy, union=union, target=target, on=on, document=document.strip(), details=details,
        proposed_by=acting_user, proposed_at=clock.now(),
    )  # fmt: skip
    _try(change)
    # Asked where both are looked after, so that the second person sees both.
    both = [tree.above(one.pk, "place", on) for one in (union, target) if one is not None]
    covering = min(scope.roots.intersection(*both), default=union.pk)
    approvals.ask(kind=APPROVAL_KIND, object_id=change.pk, union_id=covering, acting_user=acting_user)
    return change


def _try(change: TreeChange) -> None:
    with transaction.atomic():
        _apply(change)
        transaction.set_rollback(True)


@transaction.atomic
def answer(*, change_public_id: str, verdict: str, note: str = "", acting_user: User) -> TreeChange:
    """The second person's answer: confirmed does it, returned takes one sentence."""
    change = TreeChange.objects.filter(public_id=change_public_id).first()
    waiting = change and Approval.objects.filter(
        kind=APPROVAL_KIND, object_id=change.pk, decided_at__isnull=True
    ).first()  # fmt: skip
    if change is None or waiting is None:
        raise NotFoundHere
    if verdict == Approval.Verdict.RETURNED and not note.strip():
        raise ReturnNeedsWords(field="note")
    approvals.decide(public_id=waiting.public_id, verdict=verdict, note=note.strip(), acting_user=acting_user)
    return change


def _confirmed(approval: Approval, acting_user: User) -> None:
    change = TreeChange.objects.select_for_update().get(pk=approval.object_id)
    _apply(change)
    TreeChange.objects.filter(pk=change.pk).update(done_at=clock.now())
    audit.record(
        "federation.tree:change", acting_user=acting_user, object_kind="union", object_id=change.union_id,
        union_id=change.union_id,
        after={"kind": change.kind, "on": change.on, "document": change.document, "target": change.target_id},
    )  # fmt: skip


def _returned(approval: Approval, acting_user: User) -> None:
    """What was sent back stays as it was proposed, and is done by nobody."""


def _apply(change: TreeChange) -> None:
    today = clock.today()
    if not today - BACK <= change.on <= today + AHEAD:
        raise DayOutOfBounds(field="on")
    for union in (change.union, change.target):
        if union is not None and union.ended_on is not None:
            raise UnionEnded
    {
        TreeChange.Kind.FOUND: _found, TreeChange.Kind.MOVE: _move,
        TreeChange.Kind.MERGE: _merge, TreeChange.Kind.SPLIT: _split,
    }[TreeChange.Kind(change.kind)](change)  # fmt: skip


def _found(change: TreeChange) -> None:
    _new_unit(change, change.union)


def _new_unit(change: TreeChange, parent: Union | None) -> Union:
    said: dict[str, Any] = json.loads(change.details)["unit"]
    try:
        with transaction.atomic():
            return tree.found_union(parent=parent, on=change.on, acting_user=None, **said)
    except IntegrityError:
        raise CodeTaken(field="code") from None


def _target(change: TreeChange) -> Union:
    if change.target is None:
        raise NotFoundHere  # the database holds that moves and mergers have one
    return change.target


def _move(change: TreeChange) -> None:
    tree.place_union(
        union=change.union, parent=_target(change), hierarchy=change.hierarchy, on=change.on, acting_user=None
    )


def _merge(change: TreeChange) -> None:
    target = _target(change)
    for child in tree.children_on(change.union_id, "place", change.on):
        tree.place_union(union=child, parent=target, on=change.on, acting_user=None)
    tree.place_union(union=change.union, parent=target, on=change.on, acting_user=None)
    Union.objects.filter(pk=change.union_id).update(ended_on=change.on)
    _end_posts(change)


def _end_posts(change: TreeChange) -> None:
    # The unit's own officers look after it until its last day; whoever goes on is appointed where he goes.
    last = datetime.combine(change.on, time(), tzinfo=clock.LOCAL)
    moment = max(last, clock.now())
    held = Grant.objects.filter(union_id=change.union_id, revoked_at__isnull=True, expires_at__gt=moment)
    for grant in held.select_for_update().order_by("pk"):
        begun = grant.valid_from < moment
        Grant.objects.filter(pk=grant.pk).update(**{"expires_at" if begun else "revoked_at": moment})
        audit.record(
            "federation.grant:revoke", acting_user=None, object_kind="user", object_id=grant.user_id,
            union_id=grant.union_id, before={"role": grant.role}, after={"from": moment}, reason=change.document,
        )  # fmt: skip
    Officer.objects.filter(union_id=change.union_id, valid_from__lt=change.on).filter(
        Q(valid_to__isnull=True) | Q(valid_to__gt=change.on)
    ).update(valid_to=change.on)


def _split(change: TreeChange) -> None:
    wanted = set(json.loads(change.details)["children"])
    below = {child.pk: child for child in tree.children_on(change.union_id, "place", change.on)}
    if not wanted or not wanted <= below.keys():
        raise NothingToSplit(field="children")
    edge = UnionEdge.objects.filter(child=change.union, hierarchy="place", valid_to__isnull=True).first()
    made = _new_unit(change, edge.parent if edge else None)
    for pk in sorted(wanted):
        tree.place_union(union=below[pk], parent=made, on=change.on, acting_user=None)
