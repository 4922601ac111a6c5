"""The list of roles: who holds which, over what, given by whom, until when; past ones too, for who asks."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from niangjia.accounts.models import User
from niangjia.core import clock
from niangjia.federation import rightspage
from niangjia.federation.listing.house import Choices, below_union, union_choices, union_named
from niangjia.federation.listing.kinds import Column, Condition, Line, ListKind, list_kinds
from niangjia.federation.listing.pages import ListPage
from niangjia.federation.models import Grant
from niangjia.federation.queries import OVER_UNIONS
from niangjia.federation.rights import roles
from niangjia.federation.rightspage import reaches
from niangjia.federation.scopes import Scope, grants_in_force

READ = "federation.grant:read"
RUNNING, COMING, SOON, ENDED, REVOKED, EVER = "running", "coming", "soon", "ended", "revoked", "ever"


def _seen(scope: Scope, kind: str, union: str) -> QuerySet[Grant]:
    below = below_union("union_id")
    if kind not in reaches:
        rows = Grant.objects.filter(scope.unions(), scope_kind__in=OVER_UNIONS)
        return below(rows, union) if union else rows
    things = reaches.get(kind).seen(scope)
    things = below(things, union) if union else things
    return Grant.objects.filter(scope_kind=kind, scope_id__in=things.values("pk"))


def _rows(scope: Scope, about: str, given: Mapping[str, Any]) -> QuerySet[Grant]:
    rows = _seen(scope, given.get("kind") or "", given.get("union") or "")
    rows = rows.select_related("user", "union", "granted_by", "stands_in_for")
    return rows if given.get("state") else rows.filter(revoked_at__isnull=True, expires_at__gt=clock.now())


def _so(rows: QuerySet[Grant], state: str) -> QuerySet[Grant]:
    moment = clock.now()
    if state == EVER:
        return rows
    if state == REVOKED:
        return rows.filter(revoked_at__isnull=False)
    rows = rows.filter(revoked_at__isnull=True)
    if state == ENDED:
        return rows.filter(expires_at__lte=moment)
    if state == RUNNING:
        return rows.filter(pk__in=grants_in_force().values("pk"))
    rows = rows.filter(expires_at__gt=moment)
    return (
        rows.filter(valid_from__gt=moment) if state == COMING else rows.filter(expires_at__lt=moment + rightspage.SOON)
    )


def _called(rows: QuerySet[Grant], text: str) -> QuerySet[Grant]:
    return rows.filter(Q(user__display_name__icontains=text) | Q(user__username=text))


def _roles(scope: Scope) -> Choices:
    kinds = {"union", *reaches}
    return [(role.code, role.label) for role in roles.all() if role.scope_kind in kinds]


def _kinds(scope: Scope) -> Choices:
    over = [(code, reaches.get(code).label) for code in reaches if reaches.get(code).seen(scope).exists()]
    return [("union", _("a union and all below it")), ("programme", _("one programme of a union")), *over]


def _of_kind(rows: QuerySet[Grant], kind: str) -> QuerySet[Grant]:
    return rows.filter(scope_kind=kind)


def _day(moment: datetime) -> date:
    return moment.astimezone(clock.LOCAL).date()


def _lines(rows: Sequence[Any], wanted: Collection[str]) -> list[Line]:
    return [
        Line(
            {
                "who": line.name, "login": line.username, "post": line.post, "role": line.role,
                "union": line.union, "programme": line.programme,
                "deputy": line.stands_in_for, "by": line.given_by or str(_("The installation")),
                "since": _day(line.begins), "until": _day(line.ends), "state": line.state,
            },
            url=line.url, object_id=line.id, union_id=line.union_id,
        )
        for line in rightspage.lines(rows, None)
    ]  # fmt: skip


def lines_of(page: ListPage, viewer: User) -> list[rightspage.GrantLine]:
    """The rows of one page of the list, with what the viewer may do about each."""
    return rightspage.lines(page.objects, viewer)


GRANTS = ListKind(
    code="federation.grants", title=_("Who may do what"), unit="role", right=READ, export_right=READ,
    columns=(
        Column("who", _("Who"), order=("user__display_name",)), Column("login", _("Log-in name"), on_page=False),
        Column("post", _("Post"), on_page=False), Column("role", _("Role"), order=("role", "user__display_name")),
        Column("union", _("Union"), order=("union__code", "role", "user__display_name"), indexed=True),
        Column("programme", _("Only for one programme"), on_page=False),
        Column("deputy", _("Stands in for"), on_page=False),
        Column("by", _("Given by"), order=("granted_by__display_name",)),
        Column("since", _("From"), "day", ("valid_from",), on_page=False),
        Column("until", _("Until"), "day", ("expires_at",)), Column("state", _("State"), "state"),
    ),
    conditions=(
        Condition("role", _("Role"), lambda rows, role: rows.filter(role=role), _roles),
        Condition("name", _("Name or log-in name"), _called),
        Condition("union", _("Union"), None, union_choices, named=union_named),
        Condition("kind", _("Over what"), _of_kind, _kinds, otherwise=_("over unions and their programmes")),
        Condition(
            "state", _("State"), _so,
            lambda scope: [
                (RUNNING, _("counts now")), (COMING, _("Not yet")), (SOON, _("ends within 30 days")),
                (ENDED, _("Ended")), (REVOKED, _("taken back")), (EVER, _("all that ever were")),
            ],
            otherwise=_("in force or to come"),
        ),
        Condition(
            "deputy", _("Deputies"), lambda rows, answer: rows.filter(stands_in_for__isnull=answer == "no"),
            lambda scope: [("yes", _("Only deputies")), ("no", _("Without deputies"))],
        ),
    ),
    rows=_rows, lines=_lines, address=lambda about: reverse("rights"), default="union",
)  # fmt: skip


def register() -> None:
    """Offer it."""
    list_kinds.register(GRANTS.code, GRANTS)
