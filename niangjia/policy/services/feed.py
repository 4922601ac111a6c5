"""A changed fact re-decides: the audit trail is the change feed, and only the subjects in it are asked again."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Protocol

from niangjia.core import clock
from niangjia.core.facts import record_sets
from niangjia.federation.actions import actions
from niangjia.people.queries import members_of
from niangjia.policy import bundles
from niangjia.policy.catalogue import fact_of, relation_of
from niangjia.policy.models import ProgrammeVersion, Sweep
from niangjia.policy.services.sweeps import redecide, sweep
from niangjia.policy.versions import in_force

Changed = dict[str, set[int]]
# Rooms whose acts can change a fact.
ROOMS = ("people.", "benefits.")
COMPLETE = "people.register:complete"
KINDS = ("person", "household", "employer", "union")


class Row(Protocol):
    """What is read of an audit row."""

    action: str
    object_kind: str
    object_id: int
    before: str
    after: str


def read_feed(rows: Sequence[Row]) -> None:
    """Decide again about every subject whose facts may have changed in these rows. System act."""
    changed, said = subjects_of(rows), registers_of(rows)
    if not changed and not said:
        return
    for version in in_force(clock.today()):
        if listens_to(version, said):
            sweep(version=version, trigger=Sweep.Trigger.FEED)
            continue
        ids = affected(version, changed)
        if ids:
            redecide(version=version, ids=ids)


def registers_of(rows: Iterable[Row]) -> set[str]:
    """The registers that were said to be complete: what their silence means changes for whole unions at once."""
    return {json.loads(row.after)["register"] for row in rows if row.action == COMPLETE}


def listens_to(version: ProgrammeVersion, registers: Collection[str]) -> bool:
    """Whether a version asks for a fact, or counts records, that such a register tells of."""
    if not registers:
        return False
    programme = bundles.programme_of(version.bundle)
    facts = (fact_of(programme.subject, code).register for code in programme.fact_codes)
    dated = (relation_of(programme.subject, code).register for code in programme.relation_codes)
    return any(one in registers for one in (*facts, *dated))


def facts_changed(changed: Changed, is_asked: Callable[[str], bool]) -> None:
    """Decide again about subjects of whom a room changed facts by its own act, where a rule asks them. System act."""
    for version in in_force(clock.today()):
        if any(is_asked(code) for code in bundles.programme_of(version.bundle).fact_codes):
            ids = affected(version, changed)
            if ids:
                redecide(version=version, ids=ids)


def subjects_of(rows: Iterable[Row]) -> Changed:
    """The subjects that these acts were about; looks change nothing."""
    found: Changed = defaultdict(set)
    for row in rows:
        if not row.action.startswith(ROOMS) or actions.get(row.action).look:
            continue
        if row.object_kind in KINDS:
            found[row.object_kind].add(row.object_id)
        for text in (row.before, row.after):
            for kind, pk in _named(text):
                found[kind].add(pk)
    return found


def _named(text: str) -> Iterable[tuple[str, int]]:
    """Subjects named beside the object of an act, such as the employer of a job that began."""
    loaded = json.loads(text) if text else {}
    for name, value in loaded.items() if isinstance(loaded, Mapping) else ():
        kind = name.removesuffix("_id")
        if kind in KINDS and isinstance(value, int) and not isinstance(value, bool):
            yield kind, value


def affected(version: ProgrammeVersion, changed: Changed) -> set[int]:
    """The subjects of a version's own kind that a change may touch: through the household, both ways."""
    subject = version.programme.subject
    found = set(changed.get(subject, ()))
    if subject == "person" and changed.get("household"):
        found |= set(members_of(changed["household"]).values_list("person_id", flat=True))
    if subject == "person" and changed.get("person"):
        # A child's birthday or school is a fact of the household, and so of every member.
        homes = set(record_sets.get("person").links["household"](changed["person"]).values())
        found |= set(members_of(homes).values_list("person_id", flat=True))
    if subject == "household" and changed.get("person"):
        found |= set(record_sets.get("person").links["household"](changed["person"]).values())
    return found
