"""How each household stands in an upper system: recorded, not recorded, or recorded otherwise.

Recorded is what was compared, or typed, on a day. What changes here afterwards stands otherwise there again: it is
told with the fields and that day, and counts as different.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import (
    Case,
    Count,
    DateField,
    Exists,
    ExpressionWrapper,
    F,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from niangjia.core import clock
from niangjia.core.crypto import keyed_index
from niangjia.core.facts import facts
from niangjia.federation.queries import descendants
from niangjia.federation.scopes import Scope
from niangjia.people.models import HardshipFile, Household, HouseholdMember, RosterImport, UpperRecord
from niangjia.people.upper.systems import UpperSystem, systems

RECORDED, DIFFERS, MISSING = "recorded", "differs", "missing"
WORDS: dict[str, tuple[str, str | Promise]] = {
    RECORDED: ("yes", _("recorded")), DIFFERS: ("ask", _("differs")), MISSING: ("no", _("not recorded")),
}  # fmt: skip


@dataclass(frozen=True)
class UpperStatus:
    """One household's standing in one system."""

    code: str
    fields: tuple[str, ...] = ()
    on: date | None = None
    changed: tuple[str, ...] = ()  # fields that say something else here than on that day
    is_marked: bool = False  # an officer's mark says so, not an export

    @property
    def colour(self) -> str:
        """The colour of its word."""
        return WORDS[self.code][0]

    @property
    def word(self) -> str | Promise:
        """Recorded, differs, or not recorded."""
        return WORDS[self.code][1]

    @property
    def labels(self) -> str:
        """The fields that differ."""
        return "、".join(self.fields)

    @property
    def changed_labels(self) -> str:
        """The fields that changed here since."""
        return "、".join(self.changed)


def statuses(system: UpperSystem, households: Mapping[int, int]) -> dict[int, UpperStatus]:
    """The standing of households (id to union id) that the caller found in scope; a fixed number of queries."""
    if not households:
        return {}
    found = {row.household_id: row for row in
             UpperRecord.objects.filter(system=system.code, household_id__in=households)}  # fmt: skip
    exports = _newest_exports(system)
    today = _marks_today(system, [pk for pk, row in found.items() if row.seen_marks or row.marked_marks])
    labels = {field.code: field.label for field in system.fields}
    return {
        pk: _status(
            found.get(pk), max((day for unions, day in exports if union_id in unions), default=None), labels,
            today.get(pk, {}),
        )
        for pk, union_id in households.items()
    }  # fmt: skip


def _status(
    row: UpperRecord | None, newest: date | None, labels: Mapping[str, str], today: Mapping[str, str]
) -> UpperStatus:
    if row is None:
        return UpperStatus(MISSING, on=newest)
    days = [day for day in (row.seen_on, newest) if day is not None]
    if row.marked_on is not None and all(row.marked_on >= day for day in days):
        changed = _changed_fields(row.marked_marks, today, labels)
        return UpperStatus(DIFFERS if changed else RECORDED, on=row.marked_on, changed=changed, is_marked=True)
    if row.seen_on is None or (newest is not None and row.seen_on < newest):
        return UpperStatus(MISSING, on=newest)  # it is no longer in the newest export
    differing = tuple(labels[code] for code in row.differs if code in labels)
    changed = _changed_fields(row.seen_marks, today, labels)
    return UpperStatus(DIFFERS if differing or changed else RECORDED, differing, row.seen_on, changed)


def _changed_fields(then: Mapping[str, str], today: Mapping[str, str], labels: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(label for code, label in labels.items() if code in then and then[code] != today.get(code))


def _marks_today(system: UpperSystem, ids: Collection[int]) -> dict[int, dict[str, str]]:
    here = ours(ids, clock.today()) if ids else {}
    return {pk: marks_of(system, pk, here.get(pk, {})) for pk in ids}


def marks_of(system: UpperSystem, household_id: int, here: Mapping[str, Any]) -> dict[str, str]:
    """For each compared field a keyed mark of what the file says: told apart from another value, never read back."""
    return {
        field.code: keyed_index(f"upper:{system.code}:{household_id}", f"{field.code}\x00{_told(here, field.code)}")[
            :16
        ]
        for field in system.fields
        if field.is_compared
    }


def _told(here: Mapping[str, Any], code: str) -> str:
    value = _plain(here.get(code))
    return "" if value is None else str(value)


def standing_so(system: UpperSystem, rows: QuerySet[Household], code: str) -> QuerySet[Household]:
    """Those of the households that stand so in a system; the same as `statuses` says of each."""
    days = sorted(_newest_exports(system), key=lambda export: export[1], reverse=True)
    newest = [When(union_id__in=unions, then=Value(day)) for unions, day in days]
    rows = rows.annotate(newest=Case(*newest, default=Value(None), output_field=DateField()))
    known = UpperRecord.objects.filter(system=system.code, household=OuterRef("pk"))
    known = known.annotate(day=ExpressionWrapper(OuterRef("newest"), output_field=DateField()))
    marked = known.filter(Q(seen_on=None) | Q(marked_on__gte=F("seen_on")), marked_on__isnull=False)
    marked = marked.filter(Q(day=None) | Q(marked_on__gte=F("day")))
    seen = known.filter(Q(day=None) | Q(seen_on__gte=F("day")), seen_on__isnull=False)
    rows = rows.annotate(marked=Exists(marked), seen=Exists(seen), differs=Exists(seen.exclude(differs=[])))
    if code == MISSING:
        return rows.filter(marked=False, seen=False)
    changed = _changed_here(system, rows)
    if code == DIFFERS:
        return rows.filter(Q(pk__in=changed) | Q(marked=False, seen=True, differs=True))
    return rows.filter(Q(marked=True) | Q(seen=True, differs=False)).exclude(pk__in=changed)


def _changed_here(system: UpperSystem, rows: QuerySet[Household]) -> list[int]:
    """Those of the households that stand in the system and whose files say something else since: few of them do."""
    known = UpperRecord.objects.filter(system=system.code, household__in=rows.order_by().values("pk"))
    homes = dict(known.values_list("household_id", "household__union_id"))
    return [pk for pk, status in statuses(system, homes).items() if status.changed]


def _newest_exports(system: UpperSystem) -> list[tuple[frozenset[int], date]]:
    """For each union that handed an export in: the unions it covers, and the day of the newest."""
    rows = RosterImport.objects.filter(kind=system.kind, state=RosterImport.State.DONE)
    newest = rows.values_list("union_id").annotate(day=Max("true_on"))
    return [(frozenset(descendants(union_id)), day) for union_id, day in newest]


def ours(household_ids: Collection[int], today: date, scope: Scope | None = None) -> dict[int, dict[str, Any]]:
    """What the files here say for each field; a fixed number of queries.

    For a reader with a scope, of a head whose file lies outside it the name is all that is said.
    """
    heads = HouseholdMember.objects.filter(household_id__in=household_ids, relation="head", valid_to__isnull=True)
    found: dict[int, dict[str, Any]] = {}
    for row in heads.select_related("person", "household__union"):
        person, household = row.person, row.household
        found[row.household_id] = {
            "name": person.name, "id_number": person.id_number, "sex": person.sex, "born_on": person.born_on,
            "phone": person.phone, "union": household.union.name, "address": household.address,
        }  # fmt: skip
        if scope is not None and not scope.reaches_union(person.union_id):
            found[row.household_id] |= dict.fromkeys(("id_number", "sex", "born_on", "phone"), "")
    sizes = HouseholdMember.objects.filter(household_id__in=household_ids, valid_to__isnull=True)
    for pk, many in sizes.values_list("household_id").annotate(n=Count("pk")):
        found.setdefault(pk, {})["members"] = many
    for file in HardshipFile.objects.filter(household_id__in=household_ids, exited_on__isnull=True):
        found.setdefault(file.household_id, {}).update(grade=file.grade, cause=file.cause, entered_on=file.entered_on)
    for pk, reading in facts.get("household.income_per_head").read(household_ids, today).items():
        if pk in found:
            found[pk]["income"] = reading.value
    return found


def differing(system: UpperSystem, here: Mapping[str, Any], there: Mapping[str, Any]) -> list[str]:
    """Codes of the compared fields that say something else there; a field that is empty there says nothing."""
    return [
        field.code
        for field in system.fields
        if field.is_compared and there.get(field.code) not in (None, "")
        and _plain(here.get(field.code)) != _plain(there[field.code])
    ]  # fmt: skip


def _plain(value: Any) -> Any:
    return "".join(value.split()) if isinstance(value, str) else value


def next_to_copy(system: UpperSystem, scope: Scope, after: Household) -> Household | None:
    """The next household with an open file that is not recorded as it stands, in the order of their entry."""
    open_files = HardshipFile.objects.filter(exited_on__isnull=True).values("household_id")
    rows = Household.objects.filter(scope.unions(), pk__in=open_files).defer("address").order_by("pk")
    homes = list(rows)
    standing = statuses(system, {one.pk: one.union_id for one in homes})
    waiting = [one for one in homes if standing[one.pk].code != RECORDED and one.pk != after.pk]
    return next((one for one in waiting if one.pk > after.pk), waiting[0] if waiting else None)


def upper_status(household: Household) -> dict[str, Any] | None:
    """For the household's page: the system and the standing there; None without an open file of difficulty."""
    system = next(iter(systems().values()))
    if not HardshipFile.objects.filter(household=household, exited_on__isnull=True).exists():
        return None
    return {"system": system, "status": statuses(system, {household.pk: household.union_id})[household.pk]}
