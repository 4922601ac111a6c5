"""Making two files of one person one, with a reason; and parting them again, exactly as they were."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection
from typing import Any

from django.apps import apps
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from niangjia.accounts.models import User
from niangjia.core import clock
from niangjia.core.errors import NotFoundHere, Refusal
from niangjia.federation.scopes import require
from niangjia.federation.services import audit
from niangjia.people.merging.plan import Plan, as_json, plan_merge
from niangjia.people.merging.rows import insert_raw, read_raw, update_raw
from niangjia.people.models import Person, PersonMerge
from niangjia.people.services.own_matters import not_his_own
from niangjia.people.services.pairs import MERGE, ReasonMissing

_KEYS = (
    "name_key", "name_initials", "name_reading", "other_initials", "other_reading", "id_key", "id_tail_key",
    "phone_key", "phone_tail_key",
)  # fmt: skip


class InTheWay(Refusal):
    """Something must be cleared first."""


class OnePersonOnly(Refusal):
    """A file is not merged with itself."""

    sentence = _("This is one file. Choose two different ones. Nothing was changed.")


class MergedFurther(Refusal):
    """A later merge stands on this one."""

    sentence = _("The file that stayed went into another one later. Part those two first. Nothing was changed.")


class ChangedSinceMerge(Refusal):
    """What the merge moved says something else now."""

    sentence = _(
        "Something that the merge moved has been changed since, so the two cannot be parted exactly as they were. "
        "Nothing was changed. Enter the second person anew, and move by hand what is his."
    )


class PartedAlready(Refusal):
    """Somebody was faster."""

    sentence = _("These two have been parted already. Nothing was changed.")


@transaction.atomic
def merge_persons(
    *, survivor_id: int, absorbed_id: int, reason: str, take: Collection[str] = (), acting_user: User
) -> PersonMerge:
    """Let one file take up another: every pointer follows its rule, the address of the other leads here.

    Raises `InTheWay` with everything that must be cleared first; nothing is written then.
    """
    survivor, absorbed = _locked(survivor_id, absorbed_id, acting_user)
    if not reason.strip():
        raise ReasonMissing(field="reason")
    plan = plan_merge(survivor, absorbed, frozenset(take))
    if plan.blocks:
        raise InTheWay(" ".join(str(sentence) for sentence in plan.blocks))
    merge = PersonMerge.objects.create(
        survivor=survivor, union_id=survivor.union_id, absorbed_id=absorbed.pk, absorbed_public_id=absorbed.public_id,
        kept=json.dumps(_write(plan), ensure_ascii=False), reason=reason.strip()[:200], merged_by=acting_user,
        merged_at=clock.now(),
    )  # fmt: skip
    _tell("people.person:merge", "people.person:absorb", merge, absorbed.union_id, reason, acting_user)
    return merge


def _locked(survivor_id: int, absorbed_id: int, acting_user: User) -> tuple[Person, Person]:
    if survivor_id == absorbed_id:
        raise OnePersonOnly
    rows = Person.objects.select_for_update().filter(pk__in=(survivor_id, absorbed_id)).order_by("pk")
    both = {person.pk: person for person in rows}
    if len(both) != 2:
        raise NotFoundHere
    for person in both.values():
        require(acting_user, MERGE, person.union_id)
        not_his_own(acting_user, "person", person.pk)
    return both[survivor_id], both[absorbed_id]


def _write(plan: Plan) -> dict[str, Any]:
    """Do what was planned; returns everything it takes to undo it."""
    kept: dict[str, Any] = {
        "absorbed": read_raw("people.person", plan.absorbed.pk),
        "asides": [[label, read_raw(label, pk)] for label, pk in plan.asides],
        "changes": [
            [label, pk, plan.was[label, pk], now, plan.owners.get((label, pk), "")]
            for (label, pk), now in plan.now.items()
        ],
    }
    for label, pk in plan.asides:
        apps.get_model(label)._base_manager.filter(pk=pk).delete()
    _change([(label, pk, now) for (label, pk), now in plan.now.items()])
    # What still pointed at it would stop this: the database is asked last.
    plan.absorbed.delete()
    plan.absorbed.pk = kept["absorbed"]["id"]
    kept["person"] = _complete(plan)
    kept["made"] = [[label, _make(label, fields), fields] for label, fields in plan.made]
    return kept


def _change(changes: list[tuple[str, int, dict[str, Any]]]) -> None:
    alike: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for label, pk, fields in changes:
        alike[json.dumps([label, fields], sort_keys=True)].append((label, pk))
    for text, rows in alike.items():
        label, fields = json.loads(text)
        apps.get_model(label)._base_manager.filter(pk__in=[pk for _, pk in rows]).update(**fields)


def _complete(plan: Plan) -> dict[str, Any]:
    """Fill the survivor's gaps and take over what was chosen; returns the columns as they were and as they are."""
    if not plan.person:
        return {}
    raw = read_raw("people.person", plan.survivor.pk)
    for name, value in plan.person.items():
        setattr(plan.survivor, name, value)
    names = [*plan.person, *_KEYS]
    plan.survivor.save(update_fields=names)
    return {"was": {name: raw[name] for name in names}, "now": {n: as_json(v) for n, v in plan.person.items()}}


def _make(label: str, fields: dict[str, Any]) -> int:
    made = apps.get_model(label)._base_manager.create(**fields)
    return int(made.pk)


def _tell(stays: str, leaves: str, merge: PersonMerge, absorbed_union: int, reason: str, acting_user: User) -> None:
    for action, pk, union_id, other in (
        (stays, merge.survivor_id, merge.union_id, merge.absorbed_id),
        (leaves, merge.absorbed_id, absorbed_union, merge.survivor_id),
    ):
        audit.record(
            action, acting_user=acting_user, object_kind="person", object_id=pk, union_id=union_id,
            after={"person": other, "merge": merge.public_id}, reason=reason.strip(),
        )  # fmt: skip


@transaction.atomic
def part_persons(*, public_id: str, reason: str, acting_user: User) -> PersonMerge:
    """Undo a merge: every row stands again as it stood; what was recorded since stays with the file that stayed."""
    merge = PersonMerge.objects.select_for_update().filter(public_id=public_id).first()
    if merge is None:
        raise NotFoundHere
    kept = json.loads(merge.kept)
    require(acting_user, MERGE, merge.survivor.union_id)
    require(acting_user, MERGE, kept["absorbed"]["union_id"])
    not_his_own(acting_user, "person", merge.survivor_id)
    if merge.undone_at is not None:
        raise PartedAlready
    if not reason.strip():
        raise ReasonMissing(field="reason")
    _stands_as_left(merge, kept)
    try:
        with transaction.atomic():
            _put_back(merge, kept)
    except IntegrityError:
        raise ChangedSinceMerge from None
    merge.undone_by, merge.undone_at, merge.undo_reason = acting_user, clock.now(), reason.strip()[:200]
    merge.save(update_fields=["undone_by", "undone_at", "undo_reason"])
    _tell("people.person:part", "people.person:part", merge, kept["absorbed"]["union_id"], reason, acting_user)
    return merge


def _stands_as_left(merge: PersonMerge, kept: dict[str, Any]) -> None:
    """Refuse when a row that moved is gone or says something else in a column that was changed."""
    later = PersonMerge.objects.filter(survivor_id=merge.survivor_id, undone_at__isnull=True, pk__gt=merge.pk)
    if later.exists():
        raise MergedFurther
    expected = [
        (label, pk, {name: value for name, value in now.items() if name != owner})
        for label, pk, _, now, owner in kept["changes"]
    ]
    expected += [(label, pk, fields) for label, pk, fields in kept["made"]]
    if kept["person"]:
        expected.append(("people.person", merge.survivor_id, kept["person"]["now"]))
    for label, pk, fields in expected:
        row = apps.get_model(label)._base_manager.filter(pk=pk).first()
        if row is None or any(not _same(row, name, value) for name, value in fields.items()):
            raise ChangedSinceMerge


def _same(row: Any, name: str, value: Any) -> bool:
    field = next(field for field in row._meta.concrete_fields if field.attname == name)
    return bool(getattr(row, name) == field.to_python(value))


def _put_back(merge: PersonMerge, kept: dict[str, Any]) -> None:
    for label, pk, _fields in kept["made"]:
        apps.get_model(label)._base_manager.filter(pk=pk).delete()
    if kept["person"]:
        update_raw("people.person", merge.survivor_id, kept["person"]["was"])
    insert_raw("people.person", kept["absorbed"])
    _change([(label, pk, was) for label, pk, was, _, _ in kept["changes"]])
    for label, raw in kept["asides"]:
        insert_raw(label, raw)


def plan_for(*, survivor_id: int, absorbed_id: int, take: Collection[str] = (), acting_user: User) -> Plan:
    """What a merge would do, for the page that asks before it is done."""
    with transaction.atomic():
        survivor, absorbed = _locked(survivor_id, absorbed_id, acting_user)
        return plan_merge(survivor, absorbed, frozenset(take))
