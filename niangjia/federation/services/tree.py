"""The tree of unions: founding, placing, moving; today's closure is rebuilt after each change."""

from __future__ import annotations

from datetime import date

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from niangjia.accounts.models import User
from niangjia.core import clock
from niangjia.core.errors import Refusal
from niangjia.federation.models import Union, UnionClosure, UnionEdge
from niangjia.federation.scopes import require
from niangjia.federation.services import audit

MAX_DEPTH = 12


class WouldCircle(Refusal):
    """A union cannot be placed under itself."""

    sentence = _("A union cannot stand under itself or under a union below it. Nothing was changed.")


class PlacedFromLaterOn(Refusal):
    """Places follow each other in time."""

    sentence = _("This union's present place begins on that day or later. Nothing was changed. Choose a later day.")


@transaction.atomic
def found_union(
    *,
    code: str,
    name: str,
    kind: str,
    level: str,
    parent: Union | None,
    on: date,
    acting_user: User | None,
    name_en: str = "",
    telephone: str = "",
) -> Union:
    """Found a union and place it; without a parent it is the root of the installation (a system act)."""
    if acting_user is not None:
        require(acting_user, "federation.union:place", parent.pk if parent else None)
    union = Union.objects.create(
        code=code, name=name, name_en=name_en, kind=kind, level=level, telephone=telephone, founded_on=on
    )
    audit.record(
        "federation.union:found", acting_user=acting_user, object_kind="union", object_id=union.pk, union_id=union.pk,
        after={"code": code, "name": name},
    )  # fmt: skip
    if parent is not None:
        place_union(union=union, parent=parent, on=on, acting_user=None)
    else:
        rebuild_closure()
    return union


@transaction.atomic
def place_union(
    *, union: Union, parent: Union, hierarchy: str = "place", on: date, acting_user: User | None
) -> UnionEdge:
    """Put a union under another from a date; an older place ends on that date, history stays.

    The acting user needs the right over both. Without one it is a system act: seeding.
    """
    if acting_user is not None:
        require(acting_user, "federation.union:place", union.pk)
        require(acting_user, "federation.union:place", parent.pk)
    # One change of the tree at a time: two moves at once could close a circle.
    list(Union.objects.select_for_update().filter(pk__in=[union.pk, parent.pk]).order_by("pk"))
    if union.pk in above(parent.pk, hierarchy, on):
        raise WouldCircle
    before = UnionEdge.objects.filter(child=union, hierarchy=hierarchy, valid_to__isnull=True).first()
    if before and before.valid_from >= on:
        raise PlacedFromLaterOn
    if before:
        UnionEdge.objects.filter(pk=before.pk).update(valid_to=on)
    edge = UnionEdge.objects.create(child=union, parent=parent, hierarchy=hierarchy, valid_from=on)
    audit.record(
        "federation.union:place", acting_user=acting_user, object_kind="union", object_id=union.pk, union_id=union.pk,
        before={"parent": before.parent_id} if before else None, after={"parent": parent.pk, "from": on},
    )  # fmt: skip
    rebuild_closure()
    return edge


@transaction.atomic
def end_place(*, union: Union, hierarchy: str, on: date) -> None:
    """Let a union stand under no other from a day, in one tree. System act."""
    edge = UnionEdge.objects.filter(child=union, hierarchy=hierarchy, valid_to__isnull=True).first()
    if edge is None:
        return
    if edge.valid_from >= on:
        raise PlacedFromLaterOn
    UnionEdge.objects.filter(pk=edge.pk).update(valid_to=on)
    audit.record(
        "federation.union:place", acting_user=None, object_kind="union", object_id=union.pk, union_id=union.pk,
        before={"parent": edge.parent_id}, after={"parent": None, "from": on},
    )  # fmt: skip
    rebuild_closure()


def above(union_id: int, hierarchy: str, on: date) -> set[int]:
    """Ids of a union and all that stand above it on any day from `on`: later places count too."""
    found, edge_of = {union_id}, {union_id}
    while edge_of:
        rows = UnionEdge.objects.filter(child_id__in=edge_of, hierarchy=hierarchy).exclude(valid_to__lte=on)
        edge_of = set(rows.values_list("parent_id", flat=True)) - found
        found |= edge_of
    return found


def children_on(union_id: int, hierarchy: str, on: date) -> list[Union]:
    """The unions that stand directly under one on a day, in the order of their codes."""
    rows = UnionEdge.objects.filter(parent_id=union_id, hierarchy=hierarchy, valid_from__lte=on)
    return list(Union.objects.filter(pk__in=rows.exclude(valid_to__lte=on).values("child_id")))


def standing_below(union_id: int, hierarchy: str) -> list[Union]:
    """The unions directly under one today, without those that became part of it."""
    today = clock.today()
    return [child for child in children_on(union_id, hierarchy, today) if child.stands_on(today)]


def rebuild_closure() -> None:
    """Flatten today's edges into the closure table, in one statement per hierarchy. System act."""
    today = clock.today()
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # Two rebuilds at once would both insert; readers are not kept waiting.
            cursor.execute("LOCK TABLE federation_unionclosure IN SHARE ROW EXCLUSIVE MODE")
        UnionClosure.objects.all().delete()
        for hierarchy in UnionEdge.Hierarchy.values:
            cursor.execute(_CLOSURE_SQL, [hierarchy, today, today, MAX_DEPTH, hierarchy])


_CLOSURE_SQL = """
INSERT INTO federation_unionclosure (ancestor_id, descendant_id, hierarchy, depth)
WITH RECURSIVE walk(ancestor_id, descendant_id, depth) AS (
    SELECT id, id, 0 FROM federation_union
    UNION
    SELECT walk.ancestor_id, edge.child_id, walk.depth + 1
    FROM walk JOIN federation_unionedge AS edge ON edge.parent_id = walk.descendant_id
    WHERE edge.hierarchy = %s AND edge.valid_from <= %s
      AND (edge.valid_to IS NULL OR edge.valid_to > %s) AND walk.depth < %s
)
SELECT ancestor_id, descendant_id, %s, depth FROM walk
"""
