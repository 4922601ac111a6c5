"""The lists of this room: the unions, the audit trail, and what was exported."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from niangjia.core import clock
from niangjia.core.spellings import in_any_spelling
from niangjia.federation import trail
from niangjia.federation.actions import actions
from niangjia.federation.listing.kinds import Column, Condition, Line, ListKind, State, list_kinds
from niangjia.federation.listing.units import Count
from niangjia.federation.looking import look_codes
from niangjia.federation.models import Export, Union, UnionClosure, standing
from niangjia.federation.queries import descendants, union_names
from niangjia.federation.scopes import Scope
from niangjia.federation.trail_words import KINDS
from niangjia.federation.treepage import KINDS as UNION_KINDS, LEVELS

Choices = list[tuple[str, str | Promise]]
# A choice of more unions than this is offered from the counties up only.
MOST_CHOICES = 200
ABOVE_TOWN = ("province", "city", "county")


def union_choices(scope: Scope) -> Choices:
    """Unions above the enterprise that a reader may narrow a list to."""
    rows = Union.objects.filter(scope.unions("id")).exclude(level=Union.Level.PRIMARY).order_by("code")
    found = list(rows.values_list("public_id", "name", "level")[: MOST_CHOICES + 1])
    if len(found) > MOST_CHOICES:
        found = list(rows.filter(level__in=ABOVE_TOWN).values_list("public_id", "name", "level")[:MOST_CHOICES])
    return [(public_id, name) for public_id, name, _level in found] if len(found) > 1 else []


def union_named(scope: Scope, public_id: str) -> str | None:
    """The name of any union a reader may narrow a list to, the small ones too."""
    found = Union.objects.filter(scope.unions("id"), public_id=public_id)
    return found.values_list("name", flat=True).first()


def below_union(column: str) -> Any:
    """The condition that a row belongs to a union or one below it."""

    def narrow(rows: QuerySet, public_id: str) -> QuerySet:
        union = Union.objects.filter(public_id=public_id).values_list("pk", flat=True).first() or 0
        # Of two fixed columns, said by the list that declares it.
        if column == "id":
            return rows.filter(pk__in=descendants(union))
        return rows.filter(union_id__in=descendants(union))

    return narrow


def ids_of_town(public_id: str) -> list[int]:
    """Ids of a town and all below it; of a union over the towns that one alone: what a line by towns counts."""
    union = Union.objects.filter(public_id=public_id).first()
    if union is None:
        return []
    return [*descendants(union.pk)] if union.level == Union.Level.TOWN else [union.pk]


def _unions(scope: Scope, about: str, given: Mapping[str, Any]) -> QuerySet:
    return Union.objects.filter(scope.unions("id"))


def _called(rows: QuerySet, text: str) -> QuerySet:
    return rows.filter(in_any_spelling(lambda name: Q(name__startswith=name), text))


def _union_lines(unions: Sequence[Any], wanted: Collection[str]) -> list[Line]:
    ids = [union.pk for union in unions]
    above = {
        row.descendant_id: row.ancestor.name
        for row in UnionClosure.objects.filter(
            descendant_id__in=ids, depth=1, hierarchy="place"
        ).select_related("ancestor")
    }  # fmt: skip
    return [
        Line(
            {
                "name": union.name, "code": union.code, "level": LEVELS[union.level], "kind": UNION_KINDS[union.kind],
                "above": above.get(union.pk, ""), "founded": union.founded_on,
                "state": State("yes", _("stands")) if union.stands_on(clock.today()) else State("no", _("Ended")),
            },
            url=reverse("tree_union", args=[union.public_id]), object_id=union.pk, union_id=union.pk,
        )
        for union in unions
    ]  # fmt: skip


UNIONS = ListKind(
    code="federation.unions", title=_("Unions"), unit="union", right="federation.union:read",
    export_right="federation.union:read",
    columns=(
        Column("name", _("Union"), order=("name",)), Column("code", _("Code of the union"), "short", ("code",), True),
        Column("level", _("Level"), "short"), Column("kind", _("Kind of union"), "short"),
        Column("above", _("Under")), Column("founded", _("Founded on"), "day", ("founded_on",)),
        Column("state", _("State"), "state"),
    ),
    conditions=(
        Condition("name", _("Name begins with"), _called),
        Condition("union", _("Under"), below_union("id"), union_choices, named=union_named),
        Condition("level", _("Level"), lambda rows, level: rows.filter(level=level), lambda scope: [*LEVELS.items()]),
        Condition(
            "state", _("State"),
            lambda rows, state: rows.filter(standing(clock.today()) if state == "stands" else ~standing(clock.today())),
            lambda scope: [("stands", _("stands")), ("ended", _("Ended"))],
        ),
    ),
    rows=_unions, lines=_union_lines, address=lambda about: reverse("union_list"), default="code",
)  # fmt: skip


def _trail(scope: Scope, about: str, given: Mapping[str, Any]) -> QuerySet:
    return trail.rows_in(scope)


def _trail_lines(rows: Sequence[Any], wanted: Collection[str]) -> list[Line]:
    return [
        Line(
            {
                "what": row.sentence, "who": row.actor,
                "whom": _("%(kind)s no. %(number)s") % {"kind": row.kind_words, "number": row.object_id},
                "union": row.union_name, "why": row.reason,
                "details": "；".join(f"{name}：{value[:60]}" for name, value in row.details), "at": row.at,
                "number": row.number,
            },
            url=f"{reverse('audit_trail')}?kind={row.object_kind}&object_id={row.object_id}",
            object_id=row.number,
        )
        for row in trail.in_words(list(rows))
    ]  # fmt: skip


def _actions(scope: Scope) -> Choices:
    return sorted(((one.code, one.sentence) for one in actions.all()), key=lambda pair: pair[0])


def _from_day(rows: QuerySet, day: date) -> QuerySet:
    return rows.filter(at__gte=_midnight(day))


def _to_day(rows: QuerySet, day: date) -> QuerySet:
    return rows.filter(at__lt=_midnight(day + timedelta(days=1))) if day < date.max else rows


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=clock.LOCAL)


TRAIL = ListKind(
    code="federation.trail", title=_("Audit trail"), unit="act", right="federation.audit:read",
    export_right="federation.audit:export",
    columns=(
        Column("who", _("Who")), Column("what", _("What")), Column("whom", _("Object")),
        Column("why", _("Reason")), Column("details", _("Details")), Column("union", _("Union")),
        Column("at", _("When"), "moment", ("id",), True),
        Column("number", _("Number in the trail"), "number", on_page=False),
    ),
    conditions=(
        Condition("actor", _("Who"), lambda rows, name: rows.filter(actor__display_name=name)),
        Condition("action", _("What"), lambda rows, code: rows.filter(action=code), _actions),
        Condition(
            "kind", _("Kind of object"), lambda rows, kind: rows.filter(object_kind=kind),
            lambda scope: [*KINDS.items()],
        ),
        Condition("object_id", _("Number of the object"), lambda rows, pk: rows.filter(object_id=pk), form="number"),
        Condition("union", _("Union"), below_union("union_id"), union_choices, named=union_named),
        Condition("since", _("From the day"), _from_day, form="day"),
        Condition("until", _("To the day"), _to_day, form="day"),
        Condition(
            "looks", _("Looks"), lambda rows, yes: rows.filter(action__in=look_codes()),
            lambda scope: [("on", _("Looks only"))],
        ),
    ),
    rows=_trail, lines=_trail_lines, address=lambda about: reverse("audit_trail"), default="-at",
)  # fmt: skip


def _exports(scope: Scope, about: str, given: Mapping[str, Any]) -> QuerySet:
    return Export.objects.filter(scope.unions()).select_related("user")


def export_state(export: Export) -> State:
    """How an export stands."""
    if export.taken_at:
        return State("yes", _("taken"))
    if export.allowed_at:
        return State("go", _("allowed, not taken yet"))
    return State("ask", _("waits for the second person"))


def _export_lines(exports: Sequence[Any], wanted: Collection[str]) -> list[Line]:
    names = union_names({export.union_id for export in exports})
    return [
        Line(
            {
                "number": export.serial, "list": list_kinds.get(export.kind).title, "who": export.user.display_name,
                "purpose": export.purpose, "rows": Count(export.rows, "row"), "union": names[export.union_id],
                "at": export.taken_at or export.asked_at, "columns": export.columns, "digest": export.digest,
                "state": export_state(export),
            },
            url=reverse("export", args=[export.public_id]), object_id=export.pk, union_id=export.union_id,
        )
        for export in exports
    ]  # fmt: skip


EXPORTS = ListKind(
    code="federation.exports", title=_("Exports"), unit="export", right="federation.audit:read",
    export_right="federation.audit:export",
    columns=(
        Column("number", _("Number"), "short", ("id",), True), Column("list", _("List")), Column("who", _("Who")),
        Column("purpose", _("What it is for")), Column("rows", _("Rows"), "number", ("rows",)),
        Column("columns", _("Columns"), on_page=False), Column("digest", _("Digest"), on_page=False),
        Column("at", _("When"), "moment"), Column("state", _("State"), "state"),
    ),
    conditions=(
        Condition("actor", _("Who"), lambda rows, name: rows.filter(user__display_name=name)),
        Condition("purpose", _("What it is for"), lambda rows, text: rows.filter(purpose__startswith=text)),
    ),
    rows=_exports, lines=_export_lines, address=lambda about: reverse("export_list"), default="-number",
)  # fmt: skip


def register() -> None:
    """Offer them."""
    for kind in (UNIONS, TRAIL, EXPORTS):
        list_kinds.register(kind.code, kind)
