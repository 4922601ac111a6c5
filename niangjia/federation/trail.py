"""The audit trail as an auditor reads it: in scope, in words, with personal values left sealed."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from niangjia.core import clock, money
from niangjia.federation.actions import actions
from niangjia.federation.models import AuditRow, Union, UnionEdge, standing
from niangjia.federation.scopes import Scope
from niangjia.federation.trail_words import DETAILS, KINDS

_SEALED = re.compile(r"^(p|k\d+):[A-Za-z0-9_\-=]{20,}$")


@dataclass(frozen=True)
class TrailRow:
    """One act or look, in words."""

    number: int
    at: datetime
    actor: str
    sentence: str | Promise
    object_kind: str
    kind_words: str | Promise
    object_id: int
    union_name: str
    details: tuple[tuple[str, str], ...]
    reason: str
    is_look: bool


def rows_in(scope: Scope) -> QuerySet[AuditRow]:
    """Audit rows in scope; acts that belong to no union are shown to the whole tree's auditor."""
    seen = scope.unions()
    if not scope.everything and _reaches_the_top(scope):
        seen |= Q(union_id__isnull=True)
    return AuditRow.objects.filter(seen).select_related("actor", "seal")


def _reaches_the_top(scope: Scope) -> bool:
    """Whether this scope holds every top there is: with another federation beside, such acts are neither's to read."""
    placed = UnionEdge.objects.filter(valid_to__isnull=True).values("child_id")
    tops = Union.objects.filter(standing(clock.today())).exclude(pk__in=placed)
    found = set(tops.values_list("pk", flat=True))
    return bool(found) and found <= scope.roots


def in_words(rows: list[AuditRow]) -> list[TrailRow]:
    """Rows as sentences; a fixed number of queries."""
    names = dict(Union.objects.filter(pk__in={row.union_id for row in rows}).values_list("id", "name"))
    return [_row(row, names.get(row.union_id or 0, "")) for row in rows]


def _row(row: AuditRow, union_name: str) -> TrailRow:
    known = actions.get(row.action) if row.action in actions else None
    return TrailRow(
        number=row.pk,
        at=row.at,
        actor=row.actor.display_name if row.actor else _("The system"),
        sentence=known.sentence if known else row.action,
        object_kind=row.object_kind,
        kind_words=KINDS.get(row.object_kind, row.object_kind),
        object_id=row.object_id,
        union_name=union_name,
        details=tuple(_details(row.before, row.after)),
        reason=row.reason,
        is_look=bool(known and known.look),
    )


def _details(before: str, after: str) -> list[tuple[str, str]]:
    old, new = _loaded(before), _loaded(after)
    found = []
    for name in sorted(old.keys() | new.keys()):
        was, now = _shown(name, old.get(name)), _shown(name, new.get(name))
        found.append((str(DETAILS.get(name, name)), f"{was} → {now}" if was and now else now or was))
    return found


def _loaded(text: str) -> dict[str, Any]:
    loaded = json.loads(text) if text else {}
    return loaded if isinstance(loaded, dict) else {"": loaded}


def _shown(name: str, value: Any) -> str:
    if value is None:
        return ""
    if name.endswith("_fen") and isinstance(value, int):
        return _("%(amount)s yuan") % {"amount": money.yuan(value)}
    if isinstance(value, str) and _SEALED.match(value):
        return _("(sealed)")
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
