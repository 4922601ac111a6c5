"""工会: one union of the tree on a day: where it stands and stood, what stands below it, what is proposed."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from niangjia.core.areas import DeskItem, desk_items
from niangjia.core.errors import NotFoundHere
from niangjia.federation.models import Approval, TreeChange, Union, UnionEdge
from niangjia.federation.queries import below_on, open_approvals
from niangjia.federation.scopes import Scope, scope_of
from niangjia.federation.services import tree
from niangjia.federation.services.changes import APPROVAL_KIND, CONFIRM, PLACE

READ = "federation.union:read"
HIERARCHIES = {"place": _("By place"), "industry": _("By industry")}
LEVELS = {
    "province": _("Province"), "city": _("City"), "county": _("County"), "town": _("Town"), "primary": _("Primary"),
}  # fmt: skip
KINDS = {
    "federation": _("Federation of trade unions"), "township_union": _("Union of a town or street"),
    "primary_union": _("Union of an enterprise"), "joint_union": _("Joint union"), "grid": _("Grid of a community"),
    "industrial_union": _("Industrial union"),
}  # fmt: skip


@dataclass(frozen=True)
class Below:
    """One union directly below, and how many stand under it that day."""

    union: Union
    level: str | Promise
    below: int
    ended: bool


@dataclass(frozen=True)
class Stay:
    """One place a union had, from a day to a day."""

    parent: str
    hierarchy: str | Promise
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True)
class UnionPage:
    """One union on a day."""

    union: Union
    on: date
    hierarchy: str
    level: str | Promise
    kind: str | Promise
    parent: Union | None  # only where the reader sees it
    ended: bool
    children: tuple[Below, ...]
    below: int
    stays: tuple[Stay, ...]
    changes: tuple[ChangeLine, ...]
    may_place: bool


def first_union(scope: Scope) -> Union:
    """Where the reader's part of the tree begins."""
    found = Union.objects.filter(pk__in=scope.roots).order_by("code").first()
    if found is None:
        raise NotFoundHere
    return found


def union_page(user: Any, union: Union, on: date, hierarchy: str) -> UnionPage:
    """What the page shows; what stands outside the reader's scope today is not named."""
    scope = scope_of(user, READ)
    seen = set(scope.union_ids())
    children = [child for child in tree.children_on(union.pk, hierarchy, on) if child.pk in seen]
    stays = list(UnionEdge.objects.filter(child=union).select_related("parent").order_by("valid_from", "pk"))
    now = [s.parent for s in stays if s.hierarchy == hierarchy and s.valid_from <= on and not _over(s.valid_to, on)]
    return UnionPage(
        union=union,
        on=on,
        hierarchy=hierarchy,
        level=LEVELS[union.level],
        kind=KINDS[union.kind],
        parent=next((parent for parent in now if parent.pk in seen), None),
        ended=_over(union.ended_on, on),
        children=tuple(
            Below(child, LEVELS[child.level], len(below_on([child.pk], on, hierarchy)) - 1, _over(child.ended_on, on))
            for child in children
        ),
        below=len(below_on([union.pk], on, hierarchy) & seen) - 1,
        stays=tuple(Stay(s.parent.name, HIERARCHIES[s.hierarchy], s.valid_from, s.valid_to) for s in stays),
        changes=tuple(changes_of(union)),
        # No further change of what has ended, or whose end is decided.
        may_place=scope_of(user, PLACE).reaches_union(union.pk) and union.ended_on is None,
    )


def _over(day: date | None, on: date) -> bool:
    return day is not None and day <= on


@dataclass(frozen=True)
class ChangeLine:
    """One proposed or done change, in words."""

    change: TreeChange
    sentence: str
    state: str  # asked | done | returned | withdrawn
    note: str
    approval: Approval | None  # while it waits


SENTENCES = {
    "found": _("%(new)s is founded under %(union)s"),
    "move": _("%(union)s moves under %(target)s"),
    "merge": _("%(union)s becomes part of %(target)s; the unions below it move along, its own roles end"),
    "split": _("%(new)s is founded beside %(union)s and takes along: %(children)s"),
}


def changes_of(union: Union) -> list[ChangeLine]:
    """Changes that name this union, the newest first."""
    rows = TreeChange.objects.filter(union=union) | TreeChange.objects.filter(target=union)
    return [line_of(row) for row in rows.select_related("union", "target", "proposed_by").order_by("-pk")[:30]]


def line_of(change: TreeChange) -> ChangeLine:
    """One change in words, with how it stands."""
    details = json.loads(change.details) if change.details else {}
    taken = Union.objects.filter(pk__in=details.get("children", ())).values_list("name", flat=True)
    sentence = SENTENCES[change.kind] % {
        "union": change.union.name,
        "target": change.target.name if change.target else "",
        "new": (details.get("unit") or {}).get("name", ""),
        "children": "、".join(taken),
    }
    asked = Approval.objects.filter(kind=APPROVAL_KIND, object_id=change.pk).select_related("asked_by").first()
    if asked is None or asked.decided_at is None:
        return ChangeLine(change, sentence, "asked", "", asked)
    state = {"confirmed": "done", "returned": "returned", "withdrawn": "withdrawn"}[asked.verdict]
    return ChangeLine(change, sentence, state, asked.note, None)


def change_in(scope: Scope, public_id: str) -> TreeChange:
    """One change about a union in scope, or `NotFoundHere`."""
    found = TreeChange.objects.filter(scope.unions(), public_id=public_id).select_related(
        "union", "target", "proposed_by"
    ).first()  # fmt: skip
    if found is None:
        raise NotFoundHere
    return found


def register() -> None:
    """Offer the block of changes that wait for a second person."""
    desk_items.register(
        "federation.tree",
        DeskItem(
            "federation.tree", 25, _("Changes of the tree to confirm"), "federation/_due_changes.html", _due,
            right=CONFIRM,
        ),
    )  # fmt: skip


def _due(request: HttpRequest) -> dict[str, Any]:
    waiting = {row.object_id: row for row in open_approvals(scope_of(request.user, CONFIRM), APPROVAL_KIND)}
    rows = TreeChange.objects.filter(pk__in=waiting).select_related("union", "target").order_by("pk")
    return {
        "rows": [
            {
                "what": line_of(row).sentence, "who": waiting[row.pk].asked_by.display_name, "on": row.on,
                "url": reverse("tree_change", args=[row.public_id]),
            }
            for row in rows
            if waiting[row.pk].asked_by_id != request.user.pk
        ]
    }  # fmt: skip
