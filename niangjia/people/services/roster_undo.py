"""Taking a roster back: what nobody touched since goes, what somebody edited stays and is listed. System act.

It is looked at first, and nothing is written but the list of what would stay; whoever takes it back has seen that
list, and gets what it says or, when somebody edited more meanwhile, a new one. A row is taken back whole or not at
all. It stays when somebody has acted on one of its subjects since, when a record it changed no longer says what it
said then, or when something else has come to point at a record it made.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from django.apps import apps
from django.db.models import CASCADE, DateField, Model, QuerySet
from django.utils.translation import gettext as _

from niangjia.core import clock
from niangjia.core.facts import leave_with
from niangjia.core.reading import only_reading
from niangjia.federation.actions import actions
from niangjia.federation.services import audit
from niangjia.people.models import Employer, Person, RosterBlock, RosterDeed, RosterImport
from niangjia.people.rosters.cells import both
from niangjia.people.rosters.parts import taken_back
from niangjia.people.services.roster_pen import as_kept

KEPT, UNWRITE = "kept", "people.roster:unwrite"
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


class Outlook(NamedTuple):
    """What taking a roster back does: how many rows go, and which stay, each with its reason."""

    gone: int
    kept: list[dict[str, Any]]


class ChangedSinceLook(Exception):
    """What would happen is no longer what was shown."""

    def __init__(self, outlook: Outlook) -> None:
        super().__init__()
        self.outlook = outlook


def look_ahead(*, roster: RosterImport, go_on: Callable[[int], object]) -> Outlook:
    """What taking it back would do now; `go_on` is told the rows of each stretch. Writes nothing."""
    kept: list[dict[str, Any]] = []
    gone, going = 0, defaultdict[str, set[int]](set)
    for pk in list(roster.deeds.order_by("-number").values_list("pk", flat=True)):
        with only_reading():
            rows: list[Deed] = json.loads(roster.deeds.get(pk=pk).rows)[::-1]
            reasons = _reasons(rows, roster, going)
            kept += _told_of([row for row in rows if row["n"] in reasons], reasons)
        for row in rows:
            if row["n"] not in reasons:
                gone += 1
                for deed in row["did"]:
                    going[deed["model"]].update([deed["id"]] if "now" not in deed else ())
        go_on(len(rows))
    return Outlook(gone, sorted(kept, key=lambda row: row["n"]))


def take_back(*, roster: RosterImport, go_on: Callable[[int], object]) -> None:
    """Take back every row that can be, in one transaction of the caller; `go_on` as above. System act.

    Raises `ChangedSinceLook` when other rows would stay than those that were listed.
    """
    kept: list[dict[str, Any]] = []
    gone = 0
    for stretch in roster.deeds.order_by("-number").iterator(5):
        rows: list[Deed] = json.loads(stretch.rows)[::-1]
        _hold(rows)
        reasons = _reasons(rows, roster, {})
        staying = [row for row in rows if row["n"] in reasons]
        kept += _told_of(staying, reasons)
        gone += _remove([row for row in rows if row["n"] not in reasons], roster)
        _keep_only(stretch, staying)
        go_on(len(rows))
    kept.sort(key=lambda row: row["n"])
    if "looked_at" in roster.counts and [row["n"] for row in kept] != _listed(roster):
        raise ChangedSinceLook(Outlook(gone, kept))
    list_kept(roster, kept)
    audit.record(
        "people.roster:undo", acting_user=roster.undone_by, object_kind="roster", object_id=roster.pk,
        union_id=roster.union_id, after={"roster": roster.public_id, "taken_back": gone, "stayed": len(kept)},
    )  # fmt: skip
    RosterImport.objects.filter(pk=roster.pk).update(
        state=RosterImport.State.UNDONE, undone_at=clock.now(), held_until=0,
        counts={**roster.counts, "taken_back": gone, KEPT: len(kept)},
    )  # fmt: skip


def _listed(roster: RosterImport) -> list[int]:
    """The rows that were said to stay."""
    blocks = roster.blocks.filter(verdict=KEPT).order_by("number")
    return [row["n"] for block in blocks for row in json.loads(block.rows)]


def _told_of(rows: Sequence[Deed], reasons: dict[int, dict[str, str]]) -> list[dict[str, Any]]:
    """Rows that stay, as they are listed: about whom, where in the table, and why."""
    about = {kind: {pk for row in rows for name, pk in row["about"] if name == kind} for kind in ("person", "employer")}
    names = {
        ("person", pk): name for pk, name in Person.objects.filter(pk__in=about["person"]).values_list("pk", "name")
    }
    firms = Employer.objects.filter(pk__in=about["employer"]).values_list("pk", "name")
    names |= {("employer", pk): name for pk, name in firms}
    return [
        {
            "n": row["n"], "s": row["sheet"], "l": row["line"], "p": [reasons[row["n"]]],
            "v": {"name": next((names[one] for one in _own(row) if one in names), "")},
        }
        for row in rows
    ]  # fmt: skip


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


def list_kept(roster: RosterImport, kept: list[dict[str, Any]]) -> None:
    """List the rows that stay, in place of an earlier list. System act."""
    roster.blocks.filter(verdict=KEPT).delete()
    for number, start in enumerate(range(0, len(kept), ROWS_PER_BLOCK), start=1):
        text = json.dumps(kept[start : start + ROWS_PER_BLOCK], ensure_ascii=False, separators=(",", ":"))
        RosterBlock.objects.create(roster=roster, verdict=KEPT, number=number, rows=text)


def _reasons(
    rows: Sequence[Deed], roster: RosterImport, going: Mapping[str, Collection[int]]
) -> dict[int, dict[str, str]]:
    """Why rows stay: row number to a sentence in both languages; `going` are records of later rows that go too."""
    found = _edited(rows, roster)
    deeds = [deed for row in rows for deed in row["did"]]
    stored, there = _stored(deeds), _there(deeds)
    for row in rows:
        for deed in row["did"]:
            thing = (deed["model"], deed["id"])
            if row["n"] not in found and not (_as_left(deed, stored.get(thing)) if "now" in deed else thing in there):
                found[row["n"]] = both(lambda: _("What this row entered says something else now; it stays."))
    # A row that stays holds what it points at: go on until nothing more stays for it.
    while more := _pointed_at([row for row in rows if row["n"] not in found], going):
        found |= more
    return found


def _edited(rows: Sequence[Deed], roster: RosterImport) -> dict[int, dict[str, str]]:
    about: dict[str, set[int]] = defaultdict(set)
    for row in rows:
        for kind, pk in _own(row):
            about[kind].add(pk)
    acts = {
        (kind, pk): act
        for kind, ids in about.items()
        for pk, act in audit.later_acts(kind, ids, roster.audit_mark).items()
        # A household may reach over two stretches: that the later one was taken back is no edit.
        if not (act.action == UNWRITE and json.loads(act.after)["roster"] == roster.public_id)
    }
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
    words = {"who": who, "did": actions.get(act.action).sentence, "day": day}
    return both(lambda: _("%(who)s %(did)s on %(day)s; the row stays as it is.") % words)


def _there(deeds: Iterable[Deed]) -> set[Thing]:
    """Which of the records that were made are there: opening what is sealed in them would tell no more."""
    return {
        (label, pk)
        for label, wanted in _ids_of(deed for deed in deeds if "now" not in deed).items()
        for pk in apps.get_model(label)._default_manager.filter(pk__in=wanted).values_list("pk", flat=True)
    }


def _ids_of(deeds: Iterable[Deed]) -> dict[str, set[int]]:
    ids: dict[str, set[int]] = defaultdict(set)
    for deed in deeds:
        ids[deed["model"]].add(deed["id"])
    return ids


def _stored(deeds: Iterable[Deed]) -> dict[Thing, Model]:
    """The records that were changed, as they stand."""
    ids = _ids_of(deed for deed in deeds if "now" in deed)
    return {
        (label, pk): thing
        for label, wanted in ids.items()
        for pk, thing in apps.get_model(label)._default_manager.in_bulk(list(wanted)).items()
    }


def _as_left(deed: Deed, thing: Model | None) -> bool:
    if thing is None:
        return False
    return all(as_kept(getattr(thing, name)) == value for name, value in deed["now"].items())


def _pointed_at(rows: Sequence[Deed], going: Mapping[str, Collection[int]]) -> dict[int, dict[str, str]]:
    """Rows whose new records something else points at that does not go with them."""
    made = {(d["model"], d["id"]): row["n"] for row in rows for d in row["did"] if "now" not in d}
    found: dict[int, dict[str, str]] = {}
    ids: dict[str, list[int]] = defaultdict(list)
    for label, pk in made:
        ids[label].append(pk)
    for label, wanted in ids.items():
        for pointer, target in _pointers(label, wanted):
            if pointer not in made and pointer[1] not in going.get(pointer[0], ()):
                found[made[label, target]] = both(
                    lambda: _("Something has been recorded about this since, so it stays as it is.")
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
        # By their keys alone: what is sealed in them is not opened for this.
        apps.get_model(label)._default_manager.filter(pk__in=made[label]).only("pk").delete()
    audit.record_many(UNWRITE, acting_user=roster.undone_by, rows=_acts(rows, roster))
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
