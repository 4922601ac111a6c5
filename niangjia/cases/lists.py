"""The lists of this room as the one mechanism shows them: first contacts, needs and stays."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.db.models import Case, Count as CountOf, F, Q, QuerySet, Value, When
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from niangjia.cases import contacts, needs
from niangjia.cases.models import FirstContact, Need, Stay
from niangjia.cases.permissions import CONTACT, NEED
from niangjia.core import clock
from niangjia.core.spellings import in_any_spelling
from niangjia.federation.listing.house import union_choices, union_named
from niangjia.federation.listing.kinds import Column, Condition, Line, ListKind, State, list_kinds
from niangjia.federation.listing.units import Count, overdue
from niangjia.federation.scopes import Scope

# Whoever takes named people out of the desk holds the right for it; a list without a name leaves with its own right.
EXPORT_NAMES = "people.registry:export"
OPEN, UNSETTLED, LATE = "open", "unsettled", "late"


def state_of(state: tuple[str, Any], late: int) -> State:
    """A state as a status; what is late says by how much."""
    if late:
        return State("late", overdue(late))
    return State(state[0], state[1])


def _contacts(scope: Scope, about: str, given: Mapping[str, Any]) -> QuerySet:
    """What unions in scope registered or hold; those without an answer can be put first."""
    rows = FirstContact.objects.filter(scope.unions() | scope.unions("holder_id")).select_related("union", "holder")
    rows = _of_side(scope, rows, given.get("side"))
    return rows.annotate(
        is_done=Case(When(state=FirstContact.State.ANSWERED, then=Value(1)), default=Value(0)),
        # With whom a matter is stands only where a reader's own unions hold it: whoever registered it reads state and
        # dates, so that nobody learns at the window whether somebody was known.
        held_by=Case(When(holder_id__in=scope.union_ids(), then=F("holder__name")), default=Value("")),
    )


def _of_side(scope: Scope, rows: QuerySet, side: str | None) -> QuerySet:
    if side in {"held", "mine"}:
        rows = rows.filter(scope.unions("holder_id"))
        return rows.filter(contacts.is_mine(scope)) if side == "mine" else rows
    return rows.filter(scope.unions()) if side == "ours" else rows


def _contact_state(rows: QuerySet, state: str) -> QuerySet:
    if state in {OPEN, LATE}:
        rows = rows.exclude(state=FirstContact.State.ANSWERED)
        return rows if state == OPEN else rows.filter(due_on__lt=clock.today())
    return rows.filter(state=state)


def _contact_lines(rows: Sequence[Any], wanted: Collection[str]) -> list[Line]:
    return [
        Line(
            {
                "name": line.contact.name, "number": line.contact.number, "by": line.contact.union.name,
                "holder": row.held_by,
                "on": line.contact.registered_at.astimezone(clock.LOCAL).date(), "due": line.contact.due_on,
                "state": state_of(line.state, line.late),
            },
            url=reverse("contact", args=[line.contact.public_id]), object_id=line.contact.pk,
            union_id=line.contact.union_id,
        )
        for row, line in ((row, contacts.line_of(row)) for row in rows)
    ]  # fmt: skip


CONTACTS = ListKind(
    code="cases.contacts", title=_("First contacts"), unit="matter", right=CONTACT, export_right=EXPORT_NAMES,
    columns=(
        Column("name", _("Name")), Column("number", _("Number on the slip"), "short"),
        Column("holder", _("With")), Column("by", _("Registered by")),
        Column("on", _("Registered on"), "day", ("id",), True),
        Column("due", _("Answer by"), "day", ("is_done", "due_on")), Column("state", _("State"), "state"),
    ),
    conditions=(
        Condition(
            "side", _("Whose"), None,
            lambda scope: [
                ("mine", _("Handed to us")), ("held", _("Handed to us or to unions below")),
                ("ours", _("Registered by us")),
            ],
        ),
        Condition(
            "state", _("State"), _contact_state,
            lambda scope: [
                (OPEN, _("without an answer")), (LATE, _("Late")),
                *((code, word) for code, (_colour, word) in contacts.STATES.items()),
            ],
        ),
        Condition(
            "by", _("Registered by"), lambda rows, union: rows.filter(union__public_id=union), union_choices,
            named=union_named,
        ),
        Condition(
            "holder", _("With"), lambda rows, union: rows.filter(holder__public_id=union), union_choices,
            named=union_named,
        ),
    ),
    rows=_contacts, lines=_contact_lines, address=lambda about: reverse("contacts"), default="due",
    empty=(
        _("Nobody has been registered yet."),
        _("Somebody stands before you who is not yours to look up? Register him in under a minute."),
    ),
)  # fmt: skip


def _needs(scope: Scope, about: str, given: Mapping[str, Any]) -> QuerySet:
    rows = Need.objects.filter(scope.unions()).select_related("owner", "stay", "union")
    if given.get("owner"):
        rows = rows.filter(owner=scope.user)
    return rows.annotate(is_done=Case(When(settled_at__isnull=True, then=Value(0)), default=Value(1)))


def _need_state(rows: QuerySet, state: str) -> QuerySet:
    if state in {UNSETTLED, LATE}:
        rows = rows.filter(settled_at__isnull=True)
        return rows if state == UNSETTLED else rows.filter(due_on__lt=clock.today())
    return rows.filter(state=state)


def _in_direction(rows: QuerySet, direction: str) -> QuerySet:
    return rows.filter(code__in=needs.codes_of(direction))


def _need_lines(rows: Sequence[Any], wanted: Collection[str]) -> list[Line]:
    return [
        Line(
            {
                "code": line.label, "site": line.need.stay.site, "industry": line.industry,
                "owner": line.need.owner.display_name, "due": line.need.due_on,
                "state": state_of(line.state, line.late), "outcome": line.need.outcome,
            },
            url=reverse("need", args=[line.need.public_id]), object_id=line.need.pk, union_id=line.need.union_id,
        )
        for line in map(needs.line_of, rows)
    ]  # fmt: skip


def _at_site(rows: QuerySet, text: str) -> QuerySet:
    return rows.filter(in_any_spelling(lambda name: Q(stay__site__startswith=name), text))


NEEDS = ListKind(
    code="cases.needs", title=_("Needs"), unit="matter", right=NEED, export_right=NEED,
    columns=(
        Column("code", _("Kind of need"), order=("code",)), Column("site", _("Site"), order=("stay__site",)),
        Column("industry", _("Industry"), "short", ("industry",)), Column("owner", _("Who sees to it"), "short"),
        Column("due", _("Until"), "day", ("is_done", "due_on")), Column("state", _("State"), "state"),
        Column("outcome", _("What became of it"), on_page=False),
    ),
    conditions=(
        Condition(
            "state", _("State"), _need_state,
            lambda scope: [
                (UNSETTLED, _("not settled yet")), (LATE, _("Late")),
                *((code, word) for code, (_colour, word) in needs.STATES.items()),
            ],
        ),
        Condition("owner", _("Who sees to it"), None, lambda scope: [("me", _("I do"))]),
        Condition(
            "industry", _("Industry"), lambda rows, code: rows.filter(industry=code),
            lambda scope: [*needs.INDUSTRIES.items()],
        ),
        Condition("direction", _("Direction"), _in_direction, lambda scope: [*needs.DIRECTIONS.items()]),
        Condition(
            "code", _("Kind of need"), lambda rows, code: rows.filter(code=code),
            lambda scope: [(code, word) for code, (_direction, word) in needs.CODES.items()],
        ),
        Condition("site", _("Site begins with"), _at_site),
    ),
    rows=_needs, lines=_need_lines, address=lambda about: reverse("needs"), default="due",
    empty=(
        _("No need has been recorded yet."),
        _("Record a stay: what people tell you there becomes a task with an owner and a day."),
    ),
)  # fmt: skip


def _stays(scope: Scope, about: str, given: Mapping[str, Any]) -> QuerySet:
    rows = Stay.objects.filter(scope.unions()).select_related("union", "stayed_by")
    return rows.annotate(n_needs=CountOf("needs"))


def _stay_lines(rows: Sequence[Any], wanted: Collection[str]) -> list[Line]:
    return [
        Line(
            {
                "site": stay.site, "industry": needs.INDUSTRIES[stay.industry], "on": stay.on, "union": stay.union.name,
                "who": stay.stayed_by.display_name, "needs": Count(stay.n_needs, "matter"),
                "told": State("yes", _("answered")) if stay.told_at else State("ask", _("no answer yet")),
            },
            url=reverse("stay", args=[stay.public_id]), object_id=stay.pk, union_id=stay.union_id,
        )
        for stay in rows
    ]  # fmt: skip


def _stay_at_site(rows: QuerySet, text: str) -> QuerySet:
    return rows.filter(in_any_spelling(lambda name: Q(site__startswith=name), text))


STAYS = ListKind(
    code="cases.stays", title=_("Stays"), unit="stay", right=NEED, export_right=NEED,
    columns=(
        Column("site", _("Site"), order=("site",)), Column("industry", _("Industry"), "short", ("industry",)),
        Column("on", _("Day of the stay"), "day", ("on",)), Column("who", _("Who stayed there"), "short"),
        Column("union", _("Union"), "short"), Column("needs", _("Needs"), "number", ("n_needs",)),
        Column("told", _("Answer to the site"), "state"),
    ),
    conditions=(
        Condition("site", _("Site begins with"), _stay_at_site),
        Condition(
            "industry", _("Industry"), lambda rows, code: rows.filter(industry=code),
            lambda scope: [*needs.INDUSTRIES.items()],
        ),
        Condition(
            "told", _("Answer to the site"), lambda rows, told: rows.filter(told_at__isnull=told == "no"),
            lambda scope: [("no", _("no answer yet")), ("yes", _("answered"))],
        ),
        Condition("since", _("From the day"), lambda rows, day: rows.filter(on__gte=day), form="day"),
        Condition("until", _("To the day"), lambda rows, day: rows.filter(on__lte=day), form="day"),
    ),
    rows=_stays, lines=_stay_lines, address=lambda about: reverse("stays"), default="-on",
    empty=(
        _("No stay has been recorded yet."),
        _("Record a stay: what people tell you there becomes a task with an owner and a day."),
    ),
)  # fmt: skip


def register() -> None:
    """Offer them."""
    for kind in (CONTACTS, NEEDS, STAYS):
        list_kinds.register(kind.code, kind)
