"""Taking a roster back: what nobody touched since goes, what somebody edited stays and is listed. System act.

A row is taken back whole or not at all. It stays when somebody has acted on one of its subjects since, when
a record it changed no longer says what it said then, or when something else has come to point at a record
it made.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.apps import apps
from django.db.models import CASCADE, DateField, Model, QuerySet
from django.utils.translation import gettext as _

from niangjia.core import clock
from niangjia.core.facts import leave_with
from niangjia.federation.actions import actions
from niangjia.federation.services import audit
from niangjia.people.models import Person, RosterBlock, RosterDeed, RosterImport
from niangjia.people.rosters.cells import both
from niangjia.people.rosters.parts import taken_back
from niangjia.people.services.roster_pen import as_kept

KEPT = "kept"
ROWS_PER_BLOCK = 50
# Records of this kind are subjects that rows of other rooms name by kind and id.
SUBJECTS = {"people.person": "person", "people.household": "household", "people.employer": "employer"}
_MODEL_OF = {kind: label for label, kind in SUBJECTS.items()}
# Columns by which rows of any room name a subject, and the words they have for its kind.
_NAMED_BY = (
    ("subject_kind", "subject_id", {"person": "person", "household": "household", "employer": "employer"}),
    ("scope_kind", "scope_id", {"person": "self", "household": "household", "employer": "employer"}),
)
Deed = dict[str, Any]
Thing = tuple[str, int]


def take_back(*, roster: RosterImport) -> None:
    """Take back every row that can be, in one transaction of the caller. System act."""
    kept: list[dict[str, Any]] = []
    gone = 0
    for stretch in roster.deeds.order_by("-number").iterator(5):
        rows: list[Deed] = json.loads(stretch.rows)[::-1]
        _hold(rows)
        reasons = _reasons(rows, roster)
        staying = [row for row in rows if row["n"] in reasons]
        kept += [{"n": row["n"], "s": row["sheet"], "l": row["line"], "p": [reasons[row["n"]]]} for row in staying]
        gone += _remove([row for row in rows if row["n"] not in reasons], roster)
        _keep_only(stretch, staying)
    _list(roster, kept)
    audit.record(
        "people.roster:undo", acting_user=roster.undone_by, object_kind="roster", object_id=roster.pk,
        union_id=roster.union_id, after={"roster": roster.public_id, "taken_back": gone, "stayed": len(kept)},
    )  # fmt: skip
    RosterImport.objects.filter(pk=roster.pk).update(
        state=RosterImport.State.UNDONE, undone_at=clock.now(), held_until=0,
        counts={**roster.counts, "taken_back": gone, KEPT: len(kept)},
    )  # fmt: skip


def _hold(rows: Sequence[Deed]) -> None:
    """Lock what rows are about and what they wrote, before anything is read: whoever edits it is seen, or waits."""
    wanted: dict[str, set[int]] = defaultdict(set)
    for row in rows:
        for kind, pk in row["about"]:
            wanted[_MODEL_OF[kind]].add(pk)
        for deed in row["did"]:
            wanted[deed["model"]].add(deed["id"])
    # Subjects first, as everybody does who edits them.
    for label in sorted(wanted, key=lambda label: (label not in SUBJECTS, label)):
        found = apps.get_model(label)._default_manager.select_for_update().filter(pk__in=wanted[label])
        list(found.order_by("pk").values_list("pk"))


def _keep_only(stretch: RosterDeed, rows: Sequence[Deed]) -> None:
    stretch.rows = json.dumps(rows[::-1], ensure_ascii=False, separators=(",", ":"))
    stretch.save(update_fields=["rows"])


def _list(roster: RosterImport, kept: list[dict[str, Any]]) -> None:
    kept.sort(key=lambda row: row["n"])
    for number, start in enumerate(range(0, len(kept), ROWS_PER_BLOCK), start=1):
        text = json.dumps(kept[start : start + ROWS_PER_BLOCK], ensure_ascii=False, separators=(",", ":"))
        RosterBlock.objects.create(roster=roster, verdict=KEPT, number=number, rows=text)


def _reasons(rows: Sequence[Deed], roster: RosterImport) -> dict[int, dict[str, str]]:
    """Why rows stay: row number to a sentence in both languages."""
    found = _edited(rows, roster.audit_mark)
    stored = _stored(deed for row in rows for deed in row["did"])
    for row in rows:
        for deed in row["did"]:
            if row["n"] not in found and not _as_left(deed, stored.get((deed["model"], deed["id"]))):
                found[row["n"]] = both(lambda: _("What this row entered says something else now; it was left."))
    # A row that stays holds what it points at: go on until nothing more stays for it.
    while more := _pointed_at([row for row in rows if row["n"] not in found], stored):
        found |= more
    return found


def _edited(rows: Sequence[Deed], mark: int) -> dict[int, dict[str, str]]:
    about: dict[str, set[int]] = defaultdict(set)
    for row in rows:
        for kind, pk in _own(row):
            about[kind].add(pk)
    acts = {(kind, pk): act for kind, ids in about.items() for pk, act in audit.later_acts(kind, ids, mark).items()}
    found = {}
    for row in rows:
        act = next((acts[one] for one in _own(row) if one in acts), None)
        if act is not None:
            found[row["n"]] = _told(act)
    return found


def _own(row: Deed) -> list[Thing]:
    """What a row was about; an employer that a job merely names goes on without it."""
    wrote_employer = any(deed["model"] == "people.employer" for deed in row["did"])
    return [(kind, pk) for kind, pk in row["about"] if kind != "employer" or wrote_employer]


def _told(act: Any) -> dict[str, str]:
    who = act.actor.display_name if act.actor else "—"
    day = act.at.astimezone(clock.LOCAL).date().isoformat()
    sentence = _("%(who)s %(did)s on %(day)s; the row was left as it is.")
    return both(lambda: _(sentence) % {"who": who, "did": actions.get(act.action).sentence, "day": day})


def _stored(deeds: Iterable[Deed]) -> dict[Thing, Model]:
    ids: dict[str, set[int]] = defaultdict(set)
    for deed in deeds:
        ids[deed["model"]].add(deed["id"])
    return {
        (label, pk): thing
        for label, wanted in ids.items()
        for pk, thing in apps.get_model(label)._default_manager.in_bulk(list(wanted)).items()
    }


def _as_left(deed: Deed, thing: Model | None) -> bool:
    if thing is None:
        return False
    return all(as_kept(getattr(thing, name)) == value for name, value in deed.get("now", {}).items())


def _pointed_at(rows: Sequence[Deed], stored: dict[Thing, Model]) -> dict[int, dict[str, str]]:
    """Rows whose new records something else points at that does not go with them."""
    made = {(d["model"], d["id"]): row["n"] for row in rows for d in row["did"] if "now" not in d}
    found: dict[int, dict[str, str]] = {}
    ids: dict[str, list[int]] = defaultdict(list)
    for label, pk in made:
        ids[label].append(pk)
    for label, wanted in ids.items():
        for pointer, target in _pointers(label, wanted):
            if pointer not in made:
                found[made[label, target]] = both(
                    lambda: _("Something has been recorded about this since, so it was left as it is.")
                )
    return found


def _pointers(label: str, ids: list[int]) -> Iterator[tuple[Thing, int]]:
    """What points at these records: foreign keys, and rows that name a subject by kind and id."""
    model = apps.get_model(label)
    for relation in model._meta.related_objects:
        if relation.on_delete is CASCADE:
            continue  # it says nothing of its own, and goes along
        column = relation.field.attname
        rows = relation.related_model._default_manager.filter(**{f"{column}__in": ids})
        for pk, target in rows.values_list("pk", column):
            yield (relation.related_model._meta.label_lower, pk), target
    for other, rows in _loose_pointers(label, ids):
        for pk, target in rows:
            yield (other, pk), target


def _loose_pointers(label: str, ids: list[int]) -> Iterator[tuple[str, QuerySet[Any, tuple[int, int]]]]:
    for model in apps.get_models() if label in SUBJECTS else ():
        names = {field.name for field in model._meta.concrete_fields}
        for kind_column, id_column, kinds in _NAMED_BY:
            if {kind_column, id_column} <= names and model._meta.label_lower not in leave_with:
                named = {kind_column: kinds[SUBJECTS[label]], f"{id_column}__in": ids}
                found = model._default_manager.filter(**named)
                yield model._meta.label_lower, found.values_list("pk", id_column)


def _remove(rows: Sequence[Deed], roster: RosterImport) -> int:
    """Delete what was made and put back what was changed; what follows from it goes first."""
    made: dict[str, list[int]] = defaultdict(list)
    for row in rows:
        for deed in row["did"][::-1]:
            if "now" in deed:
                _put_back(deed)
            else:
                made[deed["model"]].append(deed["id"])
    for label, ids in made.items():
        if label in SUBJECTS:
            for leave in leave_with.all():
                leave(SUBJECTS[label], ids)
    # Pointing records before those they point at.
    for label in sorted(made, key=lambda label: _ORDER.index(label) if label in _ORDER else -1):
        if label in taken_back:
            taken_back.get(label)(made[label])
        apps.get_model(label)._default_manager.filter(pk__in=made[label]).delete()
    audit.record_many("people.roster:unwrite", acting_user=roster.undone_by, rows=_acts(rows, roster))
    return len(rows)


# Records of rooms above point at these and go first.
_ORDER = [
    "people.upperrecord", "people.recordedfact", "people.hardshipfile", "people.householdmember", "people.household",
    "people.employmentspell", "people.membershipspell", "people.person", "people.employer",
]  # fmt: skip


def _put_back(deed: Deed) -> None:
    model = apps.get_model(deed["model"])
    thing = model._default_manager.get(pk=deed["id"])
    for name, value in deed["was"].items():
        setattr(thing, name, _typed(model, name, value))
    if isinstance(thing, Person):
        thing.save()  # with its keyed indexes
    else:
        thing.save(update_fields=list(deed["was"]))


def _typed(model: type[Model], name: str, value: Any) -> Any:
    field = model._meta.get_field(name)
    return field.to_python(value) if isinstance(field, DateField) else value


def _acts(rows: Sequence[Deed], roster: RosterImport) -> Iterator[audit.NewRow]:
    for row in rows:
        for kind, pk in {tuple(about) for about in row["about"]}:
            yield audit.NewRow(kind, pk, roster.union_id, {}, {"roster": roster.public_id, "line": row["line"]})
