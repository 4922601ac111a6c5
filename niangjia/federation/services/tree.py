"""The tree of unions: founding, placing, moving; today's closure is rebuilt after each change."""

from __future__ import annotations

from datetime import date

from django.db import connection, transaction

from niangjia.accounts.models import User
from niangjia.core import clock
from niangjia.core.errors import Refusal
from niangjia.federation.models import Union, UnionClosure, UnionEdge
from niangjia.federation.services import audit
from django.utils.translation import gettext_lazy as _

MAX_DEPTH = 12


class WouldCircle(Refusal):
    """A union cannot be placed under itself."""

    sentence = _("A union cannot stand under itself or under a union below it. Nothing was changed.")


@transaction.atomic
def place_union(*, union: Union, parent: Union, hierarchy: str = "place", on: date, acting_user: User | None) -> UnionEdge:
    """Put a union under another from a date; an older place ends on that date, history stays."""
    if UnionClosure.objects.filter(ancestor=union, descendant=parent, hierarchy=hierarchy).exists():
        raise WouldCircle
    before = UnionEdge.objects.filter(child=union, hierarchy=hierarchy, valid_to__isnull=True).first()
    if before:
        UnionEdge.objects.filter(pk=before.pk).update(valid_to=on)
    edge = UnionEdge.objects.create(child=union, parent=parent, hierarchy=hierarchy, valid_from=on)
    audit.record(
        "federation.union:place", acting_user=acting_user, object_kind="union", object_id=union.pk, union_id=union.pk,
        before={"parent": before.parent_id} if before else None, after={"parent": parent.pk, "from": on},
    )  # fmt: skip
    rebuild_closure()
    return edge


def rebuild_closure() -> None:
    """Flatten today's edges into the closure table, in one statement per hierarchy. System act."""
    today = clock.today()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM federation_unionclosure")
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
