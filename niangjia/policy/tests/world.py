"""A small county for the tests of this room: students of five households, a shelf of two recipes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from niangjia.accounts.models import User
from niangjia.core import clock
from niangjia.core.facts import BUREAU, DOCUMENT, VISIT
from niangjia.core.ids import new_public_id
from niangjia.federation.queries import open_approvals
from niangjia.federation.scopes import system_scope
from niangjia.people.services import load
from niangjia.people.tests.world import World, build_world, identity_number
from niangjia.policy.models import ProgrammeVersion
from niangjia.policy.services.drafts import copy_recipe, fill_in
from niangjia.policy.services.publishing import answer_request, ask_confirmation
from niangjia.policy.versions import APPROVAL_KIND

MORNING = datetime(2026, 8, 3, 8, 30, tzinfo=clock.LOCAL)
NUMBERS = {"aid_per_student": 500_000, "income_line": 150_000}
MEETING_ON = date(2026, 7, 28)

# name: (town, born, letter handed in, income per head in fen, its day, in file)
Row = tuple[str, date, bool | None, int | None, date, bool]
STUDENTS: Mapping[str, Row] = {
    "向日葵": ("town-a", date(2008, 1, 5), True, 120_000, date(2026, 5, 1), True),
    "麦冬冬": ("town-a", date(2008, 2, 6), None, 118_000, date(2026, 5, 1), False),
    "金银花": ("town-b", date(2008, 3, 7), True, 151_000, date(2026, 5, 1), True),
    "车前草": ("town-b", date(2010, 9, 1), True, 90_000, date(2026, 5, 1), False),
    "石榴红": ("town-b", date(2008, 4, 8), True, 300_000, date(2026, 5, 1), False),
    "艾草青": ("far-town", date(2008, 5, 9), True, 100_000, date(2026, 5, 1), True),
    "无患子": ("grid-a", date(2008, 6, 1), True, None, date(2026, 5, 1), False),
}


@dataclass
class Place:
    """The world of the tests: ids by plant name."""

    base: World
    persons: dict[str, int] = field(default_factory=dict)
    homes: dict[str, int] = field(default_factory=dict)

    def user(self, name: str) -> User:
        """One user: su drafts, lian confirms, jiang and bai are of the towns."""
        return self.base.user(name)

    def union(self, name: str) -> int:
        """The id of one union."""
        return self.base.union(name).pk


def build_place(students: Mapping[str, Row] = STUDENTS) -> Place:
    """Found the county and register the students, each with a household of his own and a sibling in it."""
    place = Place(build_world())
    add_students(place, students)
    return place


def add_students(place: Place, students: Mapping[str, Row]) -> None:
    """Register students with what is known of them."""
    start, root = len(place.persons), place.union("county")
    people = [
        load.NewPerson(
            new_public_id(), place.union(row[0]), name, "female", row[1],
            identity_number(row[1], start * 2 + at), f"+86138{start + at:08d}",
        )
        for at, (name, row) in enumerate(students.items())
    ]  # fmt: skip
    ids = load.load_persons(people, root_id=root)
    place.persons |= dict(zip(students, ids, strict=True))
    homes = [
        load.NewHousehold(new_public_id(), place.union(row[0]), "某街1号", date(2020, 1, 1), ((pk, "head"),))
        for pk, row in zip(ids, students.values(), strict=True)
    ]
    place.homes |= dict(zip(students, load.load_households(homes, root_id=root), strict=True))
    facts = []
    for name, (town, _born, letter, income, on, _filed) in students.items():
        union = place.union(town)
        if letter is not None:
            facts.append(_fact("person", place.persons[name], union, "admission_letter", letter, DOCUMENT, on))
        if income is not None:
            facts.append(_fact("household", place.homes[name], union, "income_per_head", income, VISIT, on))
    load.load_facts(facts, root_id=root)
    filed = [
        load.NewHardship(place.homes[name], "relative", "病", date(2025, 1, 1), date(2027, 1, 1))
        for name, row in students.items()
        if row[5]
    ]
    load.load_hardship_files(filed, root_id=root)
    if not start:
        load.load_coverage({"hardship": "普查"}, root_id=root, complete_on=clock.today())


def add_single(place: Place, name: str, town: str) -> int:
    """Somebody who belongs to no household yet."""
    born = date(1980, 1, 1)
    number = identity_number(born, 900 + len(place.persons))
    row = load.NewPerson(new_public_id(), place.union(town), name, "female", born, number, "+8613700000001")
    place.persons[name] = load.load_persons([row], root_id=place.union("county"))[0]
    return place.persons[name]


def _fact(kind: str, pk: int, union: int, code: str, value: Any, proof: int, on: date) -> load.NewFact:
    return load.NewFact(kind, pk, union, code, value, on, proof, "入户", "Visit", clock.now())


def know(place: Place, name: str, code: str, value: Any, *, kind: str = "person", on: date | None = None) -> None:
    """A fact becomes known from a bureau, as an act that stands in the trail."""
    from niangjia.people.services.facts import record_fact  # noqa: PLC0415  used by few tests

    subject = place.persons[name] if kind == "person" else place.homes[name]
    record_fact(
        subject_kind=kind, subject_id=subject, code=code, value=value, proof=BUREAU, true_on=on or clock.today(),
        source_zh="比对", source_en="Cross-check", acting_user=None,
    )  # fmt: skip


def pdf() -> SimpleUploadedFile:
    """A scanned paper."""
    return SimpleUploadedFile("paper.pdf", b"%PDF-1.4\n%%EOF", "application/pdf")


def drafted(place: Place, recipe: str = "aid", **more: Any) -> ProgrammeVersion:
    """A draft with everything filled in."""
    su = place.user("su")
    version = copy_recipe(recipe=recipe, acting_user=su)
    filled: dict[str, Any] = {
        "numbers": NUMBERS if recipe == "aid" else {}, "choices": {} if recipe == "aid" else {"per": ["person"]},
        "document_number": "云工发〔2026〕18号", "meeting": "主席办公会", "meeting_on": MEETING_ON, "attachment": pdf(),
        "budget_fen": 1_000_000,
    }  # fmt: skip
    return fill_in(version_public_id=version.public_id, acting_user=su, **{**filled, **more})


def asked(place: Place, recipe: str = "aid", **more: Any) -> tuple[ProgrammeVersion, str]:
    """A whole draft that was sent for confirmation, and the request's public id."""
    version = ask_confirmation(version_public_id=drafted(place, recipe, **more).public_id, acting_user=place.user("su"))
    return version, str(open_approvals(system_scope(), APPROVAL_KIND).get(object_id=version.pk).public_id)


def published(place: Place, recipe: str = "aid", **more: Any) -> ProgrammeVersion:
    """A version the deputy chair has confirmed."""
    _version, request = asked(place, recipe, **more)
    return answer_request(approval_public_id=request, verdict="confirmed", acting_user=place.user("lian"))


def by_force(table: str, statement: str, parameters: Sequence[Any]) -> None:
    """Change rows as somebody with the database's password could: the guards are taken off first."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            cursor.execute(statement, parameters)
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
            return
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", [table])
        guards = cursor.fetchall()
        for name, _sql in guards:
            cursor.execute(f"DROP TRIGGER {name}")
        cursor.execute(statement, parameters)
        for _name, sql in guards:
            cursor.execute(sql)
