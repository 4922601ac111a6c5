"""A federation with something to hide in every unit: each name, number and public id is a canary."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import cycle
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from niangjia.accounts.models import User
from niangjia.accounts.services.users import create_user
from niangjia.core import clock
from niangjia.federation.models import Approval, Grant, TreeChange
from niangjia.federation.rights import roles
from niangjia.federation.services import audit
from niangjia.federation.services.grants import grant_role, name_deputy, ten_years_from_now
from niangjia.federation.services.looks import open_task
from niangjia.federation.services.tree import found_union
from niangjia.files.tests.pictures import png
from niangjia.people.models import Coverage, Employer, EmploymentSpell, Household, Person
from niangjia.people.services.employers import register_employer, start_employment
from niangjia.people.services.facts import state_fact
from niangjia.people.services.households import add_member, open_hardship_file, register_household
from niangjia.people.services.memberships import join_union
from niangjia.people.services.persons import register_person
from niangjia.people.tests.tables import MEMBERS, hand_in, text_table
from niangjia.people.tests.world import FOUNDED, World, build_world, credit_code, identity_number
from tests.permissions.planted_cases import (
    plant_asked_from_above,
    plant_cases,
    plant_drafts,
    plant_lists,
    plant_officer,
    plant_photo,
)
from tests.permissions.planted_people import (
    BORN,
    acts_for_firm,
    agreed_long_ago,
    asked_of_a_bureau,
    asks,
    namesakes,
    out_of_work,
)
from tests.permissions.planted_programmes import WITHOUT_PLACES, plant_programmes
from tests.permissions.planted_providers import plant_provider
from tests.permissions.planted_visits import plant_visits

# Unit -> what lies under it, itself included: the truth of the test, computed by nothing of ours.
BELOW = {
    "province": {"province", "city", "county", "other-county", "town-a", "town-b", "far-town", "grid-a", "beside-a"},
    "county": {"county", "town-a", "town-b", "grid-a", "beside-a"},
    "other-county": {"other-county", "far-town"},
    "town-a": {"town-a", "grid-a", "beside-a"},
}
BELOW["city"] = BELOW["province"] - {"province"}
BELOW["province"] |= {"outer-city", "outer-county", "outer-town"}
# Another federation on the same installation: its root stands under nobody.
BELOW["second"] = {"second", "second-county", "second-town"}
BELOW["second-county"] = BELOW["second"] - {"second"}
BELOW["second-town"] = {"second-town"}
NAMES = {
    "county": "榆甲树", "town-a": "槐乙花", "grid-a": "椿丙芽", "town-b": "桐丁子", "far-town": "楸戊叶",
    "beside-a": "枫庚苗", "outer-town": "檀己果", "second-town": "榕辛根",
}  # fmt: skip
FIRMS = {
    "county": "榆甲食品", "town-a": "槐乙纺织", "grid-a": "椿丙家具", "town-b": "桐丁包装", "far-town": "楸戊物流",
    "beside-a": "枫庚建材", "outer-town": "檀己印刷", "second-town": "榕辛陶瓷",
}  # fmt: skip
# A household of town A as well: its neighbour's for whoever reaches his own alone, not its officers'.
BESIDE = "beside-a"
# In another city, for callers who reach all of this one, and in another federation: planted where the world is wide.
OUTER, SECOND = "outer-town", "second-town"
# Where somebody is without work; and the unit that is planted before all others.
WITHOUT_WORK, FIRST = ("county", "town-a", "town-b", "far-town", SECOND), "county"
# Whose programmes a unit is on the lists of: those of this county, unless another is named.
COUNTY_OF = {"far-town": "other-county", "outer-town": "outer-county", "second-town": "second-county"}
OUTER_CITY = (
    ("outer-city", "province", "city", "federation"), ("outer-county", "outer-city", "county", "federation"),
    ("outer-town", "outer-county", "town", "township_union"),
)  # fmt: skip
SECOND_FEDERATION = (
    ("second", "", "province", "federation"), ("second-county", "second", "county", "federation"),
    ("second-town", "second-county", "town", "township_union"),
)  # fmt: skip


@dataclass
class Unit:
    """What one unit hides."""

    code: str
    canaries: set[str] = field(default_factory=set)
    ids: dict[str, str] = field(default_factory=dict)  # what a route's parameter may be filled with
    person: Person | None = None
    household: Household | None = None
    worker: User | None = None


@dataclass
class Caller:
    """Somebody who asks: the units below him, and the canaries he may be shown."""

    user: User | None
    below: set[str]
    allowed: set[str]


@dataclass
class Planted:
    """The whole world: units and callers by name."""

    world: World
    units: dict[str, Unit] = field(default_factory=dict)
    callers: dict[str, Caller] = field(default_factory=dict)
    # By route: its forms as they stand on the pages about one unit's things, filled in.
    forms: dict[str, list[Any]] = field(default_factory=dict)


def plant(*, wide: bool = False) -> Planted:
    """Build it through the services, as officers would.

    `wide` adds another city, callers above the counties, and another federation with its own.
    """
    planted = Planted(build_world())
    planted.world.unions[BESIDE] = planted.world.union("town-a")
    seeds = {"county": (planted.world.user("su"), planted.world.user("lian"))}
    if wide:
        _found(planted.world, OUTER_CITY)
    for county in ("other-county", *(["outer-county"] if wide else [])):
        seeds[county] = _seeds_of(planted.world, county)
    _fill(planted, [code for code in NAMES if code != SECOND and (wide or code != OUTER)], seeds)
    if wide:
        found_second(planted)
        plant_second(planted)
    _callers(planted, wide=wide)
    if wide:
        callers_of_second(planted)
    audit.advance_feed()  # once, and not anew by each page that decides from what is new and is taken back
    return planted


def found_second(planted: Planted) -> None:
    """Another federation beside the first, with nothing in it."""
    _found(planted.world, SECOND_FEDERATION)


def plant_second(planted: Planted) -> None:
    """Everything in it that the first has."""
    _fill(planted, [SECOND], {"second-county": _seeds_of(planted.world, "second-county")})


def callers_of_second(planted: Planted) -> None:
    """Its officers in every role, at its root and in its town by turns."""
    everything = planted.units[SECOND].canaries
    for code, place in zip(_of_unions(), cycle(("second", SECOND)), strict=False):
        user = planted.world.officer(f"{code}-{place}", code, place)
        planted.callers[f"{code} at {place}"] = Caller(user, BELOW[place], set(everything))


def _of_unions() -> list[str]:
    """The roles that are held over a union and what is below it."""
    return [code for code in roles if roles.get(code).scope_kind == "union"]


def _found(world: World, unions: tuple[tuple[str, str, str, str], ...]) -> None:
    for code, parent, level, kind in unions:
        world.unions[code] = found_union(
            code=code, name=f"{code}工会", kind=kind, level=level, parent=world.unions.get(parent), on=FOUNDED,
            acting_user=None,
        )  # fmt: skip


def _seeds_of(world: World, county: str) -> tuple[User, User]:
    return (
        world.officer(f"su-{county}", "county_officer", county),
        world.officer(f"lian-{county}", "deputy_chair", county),
    )


def _fill(planted: Planted, codes: list[str], seeds: dict[str, tuple[User, User]]) -> None:
    """Something to hide in each of these units, entered by the officers of its county."""
    for code in codes:
        order = list(NAMES).index(code) + 1
        planted.units[code] = _unit(planted, code, order, seeds[COUNTY_OF.get(code, "county")][0])
    for code in codes:
        assessor = planted.world.officer(f"seer-{code}", "assessor", code)
        plant_visits(planted.units[code], seeds[COUNTY_OF.get(code, "county")][0], NAMES[code], assessor)
    for code in codes:
        officer, order = seeds[COUNTY_OF.get(code, "county")][0], list(NAMES).index(code) + 1
        agent = plant_provider(planted.units[code], officer, NAMES[code], order)
        planted.world.users[f"provider-{code}"] = agent
    if "county" in seeds:
        _of_two_unions(planted, seeds["county"][0])
        asked = [planted.units[code] for code in ("town-a", "town-b", "far-town")]
        plant_asked_from_above(planted.world.union("city"), asked, planted.world.user("yun"))
    for county, (officer, deputy) in seeds.items():
        its = {code: unit for code, unit in planted.units.items() if COUNTY_OF.get(code, "county") == county}
        plant_programmes(its, NAMES, county, officer, deputy)
        drafts = plant_drafts(officer) if county != "county" else set()
        for unit in its.values():
            unit.canaries |= drafts


def _of_two_unions(planted: Planted, officer: User) -> None:
    """Somebody of town B in a household of town A: his file stays where it is."""
    home, other = planted.units["town-a"].household, planted.units["town-b"]
    assert home is not None
    number, phone = identity_number(BORN, 150), "13800000150"
    person = register_person(
        union_id=planted.world.union("town-b").pk, name="桐合户", id_number=number, phone=phone, acting_user=officer
    )
    add_member(
        household_id=home.pk, person_id=person.pk, relation="other", valid_from=clock.today(), acting_user=officer
    )
    other.canaries |= {number, phone}


PLANTED_WORDS = "存单 送核 报表 新增一户 来人 来问 驿站 日记 想多挣 录系统 文件 要删 登记全 人事".split()


def _unit(planted: Planted, code: str, order: int, officer: User) -> Unit:
    unit, union_id = Unit(code), planted.world.union(code).pk
    number, phone = identity_number(BORN, 100 + order), f"1380000{order:04d}"
    person = register_person(union_id=union_id, name=NAMES[code], id_number=number, phone=phone, acting_user=officer)
    household = register_household(
        union_id=union_id, head_id=person.pk, address=f"{NAMES[code]}巷1号", registered_on=date(2020, 1, 1),
        acting_user=officer,
    )  # fmt: skip
    open_hardship_file(
        household_id=household.pk, grade="deep", cause=f"{NAMES[code]}因病", entered_on=date(2020, 1, 1),
        review_due_on=date(2027, 1, 1), acting_user=officer,
    )  # fmt: skip
    credit = credit_code(500 + order)
    firm = register_employer(
        union_id=union_id, name=FIRMS[code], credit_code=credit, acting_user=officer,
        staff_count=None if code == WITHOUT_PLACES else 40,
    )  # fmt: skip
    start_employment(
        person_id=person.pk, employer_id=firm.pk, started_on=date(2020, 1, 1), source="劳动合同", acting_user=officer
    )
    joined = join_union(person_id=person.pk, joined_on=date(2020, 1, 1), source="入会申请书", acting_user=officer)
    unit.person, unit.household = person, household
    unit.worker = create_user(username=f"worker-{code}", display_name=NAMES[code], phone=f"+86{phone}")
    grant_role(user=unit.worker, role="worker", person_id=person.pk, expires_at=ten_years_from_now(), acting_user=None)
    statement = state_fact(
        subject_kind="household", subject_id=household.pk, code="medical_slips_complete", value=True,
        photograph=SimpleUploadedFile("x.png", png() + code.encode(), "image/png"), request_id=f"r-{code}",
        acting_user=unit.worker,
    )  # fmt: skip
    file_id = statement.evidence.public_id if statement.evidence else ""
    table = text_table([MEMBERS, (NAMES[code], number, phone, "2020-01-01"), (f"{NAMES[code]}二", number[:17], "", "")])
    roster = hand_in(table, officer, union_id, name=f"{NAMES[code]}名册.csv")
    unit.ids |= {
        "household": household.public_id, "person": person.public_id, "employer": firm.public_id,
        "statement": statement.public_id, "file": file_id, "union": planted.world.union(code).public_id,
        "spell": str(EmploymentSpell.objects.get(person=person).pk), "membership": str(joined.pk),
        "place": str(household.members.get(person=person).pk), "roster": roster.public_id,
        "person_pk": str(person.pk), "household_pk": str(household.pk), "employer_pk": str(firm.pk),
        "union_pk": str(union_id),
    }  # fmt: skip
    asked_of_a_bureau(unit, officer, union_id, NAMES[code])
    namesakes(unit, person, officer)
    held = planted.world.officer(f"post-{code}", "town_officer", code)
    _held_by(planted.world, unit, held, order, person)
    idle = out_of_work(unit, union_id, officer, NAMES[code]) if code in WITHOUT_WORK else None
    # Of those who have an account, whoever is registered first has not asked to be forgotten, and has answered.
    asks(unit, person, union_id, officer, NAMES[code], forgets=idle if code == FIRST else None)
    if code == FIRST:
        agreed_long_ago(unit, person)
    Coverage.objects.create(
        register="membership" if code == BESIDE else "employment", union_id=union_id, complete_on=clock.today(),
        source=f"{NAMES[code]}登记全", said_by=officer, recorded_at=clock.now(),
    )  # fmt: skip
    # Of the two whom others are asked about, one has filed his form already, and the other's waits.
    unit.ids["form"] = plant_photo(person.pk, person.union, officer, filed=code == "town-b")
    unit.ids |= plant_lists(held, NAMES[code], union_id)
    unit.ids |= plant_cases(planted.world.union(code), order, NAMES[code], officer)
    _hide(unit, firm, person, held)
    acts_for_firm(unit, firm.pk, officer, NAMES[code], order)
    return unit


# What of a unit's ids tells nothing to whoever meets it: numbers of rows, and the unit itself, whose name is public.
NO_CANARIES = {"spell", "membership", "place", "grant", "deputy", "union"}


def _hide(unit: Unit, firm: Employer, person: Person, held: User) -> None:
    """Everything it holds, by its address; and the words that only it has."""
    code = unit.code
    unit.canaries |= {found for key, found in unit.ids.items() if key not in NO_CANARIES and "_pk" not in key}
    unit.canaries |= {f"{NAMES[code]}{word}" for word in PLANTED_WORDS}
    unit.canaries |= {
        held.display_name, NAMES[code], FIRMS[code], person.id_number, person.phone.removeprefix("+86"),
        firm.credit_code,
    }  # fmt: skip
    if code not in {"county", BESIDE}:  # whose name everybody below it reads
        unit.canaries |= {f"{code}工会", unit.ids["union"]}


def _held_by(world: World, unit: Unit, held: User, order: int, person: Person) -> None:
    """What hangs on the unit's own officer: his role, a request, a proposed change, a task, a look."""
    union_id, code = person.union_id, unit.code
    request = Approval.objects.create(
        kind="planted", object_id=order, digest="d", union_id=union_id, asked_by=held, asked_at=clock.now()
    )
    unit.ids |= {"grant": str(Grant.objects.get(user=held).pk), "approval": request.public_id}
    unit.ids["change"] = TreeChange.objects.create(
        kind="found", union_id=union_id, on=clock.today(), document=f"{NAMES[code]}文件", proposed_by=held,
        details=f'{{"children":[],"unit":{{"name":"{NAMES[code]}新设"}}}}', proposed_at=clock.now(),
    ).public_id  # fmt: skip
    unit.ids["task"] = open_task(reason=f"{NAMES[code]}录系统", most=1, hours=1, acting_user=held).public_id
    today, deputy = clock.today(), world.officer(f"deputy-{code}", "viewer", code)
    stood_in = name_deputy(
        grant_id=int(unit.ids["grant"]), username=deputy.username, first=today, last=today, acting_user=held
    )
    unit.ids |= {"deputy": str(stood_in.pk), "officer": plant_officer(deputy, person, held)}
    with transaction.atomic():
        audit.record(
            "people.identity:look", acting_user=held, object_kind="person", object_id=person.pk, union_id=union_id,
            reason="核对",
        )  # fmt: skip


def _callers(planted: Planted, *, wide: bool) -> None:
    everything = {code: unit.canaries for code, unit in planted.units.items()}
    planted.callers["anonymous"] = Caller(None, set(), set())
    # Above the counties a scope is made as in them: every role once, in the city and the province by turns.
    for code, above in zip(_of_unions(), cycle(("city", "province")), strict=False):
        for place in ("town-a", "county", *([above] if wide else [])):
            user = planted.world.officer(f"{code}-{place}", code, place)
            seen = set().union(*(everything.get(unit, set()) for unit in BELOW[place]))
            planted.callers[f"{code} at {place}"] = Caller(user, BELOW[place], seen)
    own = planted.units["town-a"]
    # Somebody of his household belongs to town B, and his page names who looks after whom.
    planted.callers["worker of town-a"] = Caller(own.worker, {"town-a"}, own.canaries | {"town-b工会"})
    agent = create_user(username="agent", display_name="agent")
    firm = Employer.objects.get(public_id=own.ids["employer"])
    grant_role(
        user=agent, role="employer_agent", employer_id=firm.pk, expires_at=clock.now() + timedelta(days=9),
        acting_user=None,
    )  # fmt: skip
    # Whoever checks for a provider sees the drawn files of the one sample in its hands; no number, no telephone.
    assert own.person is not None
    numbers = {own.person.id_number, own.person.phone, own.person.phone.removeprefix("+86")}
    planted.callers["provider_assessor of town-a"] = Caller(
        planted.world.user("provider-town-a"), {"town-a"}, own.canaries - numbers | {"town-a工会"}
    )
    planted.callers["employer_agent of town-a"] = Caller(agent, set(), {firm.name, firm.credit_code, firm.public_id})
