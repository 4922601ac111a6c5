"""A federation with something to hide in every unit: each name, number and public id is a canary."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

from django.core.files.uploadedfile import SimpleUploadedFile

from niangjia.accounts.models import User
from niangjia.accounts.services.users import create_user
from niangjia.benefits.models import Draw, FrozenList, ListRow, Serving
from niangjia.benefits.services.freeze import freeze_list, plan_freeze
from niangjia.benefits.services.holds import place_hold
from niangjia.core import clock
from niangjia.federation.models import Approval, Grant, TreeChange
from niangjia.federation.rights import roles
from niangjia.federation.scopes import scope_of
from niangjia.federation.services.grants import grant_role, ten_years_from_now
from niangjia.federation.services.looks import open_task
from niangjia.files.tests.pictures import png
from niangjia.people.models import Employer, EmploymentSpell, Household, Person
from niangjia.people.services import cross_checks
from niangjia.people.services.authorities import record_authority
from niangjia.people.services.employers import register_employer, start_employment
from niangjia.people.services.facts import state_fact
from niangjia.people.services.households import open_hardship_file, register_household
from niangjia.people.services.persons import register_person
from niangjia.people.services.roster_work import work_rosters
from niangjia.people.tests.tables import MEMBERS, hand_in, text_table
from niangjia.people.tests.world import World, build_world, credit_code, identity_number
from niangjia.policy.models import Decision
from niangjia.site.demo.adoptions import Adopted, Adoption, adopt
from niangjia.site.demo.documents import scan

BORN = date(1980, 3, 4)
# Unit -> what lies under it, itself included: the truth of the test, computed by nothing of ours.
BELOW = {
    "province": {"province", "city", "county", "other-county", "town-a", "town-b", "far-town", "grid-a"},
    "county": {"county", "town-a", "town-b", "grid-a"},
    "other-county": {"other-county", "far-town"},
    "town-a": {"town-a", "grid-a"},
}
PLANTED_UNITS = ("county", "town-a", "grid-a", "town-b", "far-town")
NAMES = {"county": "榆甲树", "town-a": "槐乙花", "grid-a": "椿丙芽", "town-b": "桐丁子", "far-town": "楸戊叶"}
FIRMS = {"county": "榆甲食品", "town-a": "槐乙纺织", "grid-a": "椿丙家具", "town-b": "桐丁包装", "far-town": "楸戊物流"}


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


def plant() -> Planted:
    """Build it through the services, as officers would."""
    planted = Planted(build_world())
    seeds = {
        "county": planted.world.user("su"),
        "far": planted.world.officer("far-su", "county_officer", "other-county"),
        "far-deputy": planted.world.officer("far-lian", "deputy_chair", "other-county"),
    }
    for order, code in enumerate(PLANTED_UNITS, start=1):
        officer = seeds["far"] if code == "far-town" else seeds["county"]
        planted.units[code] = _unit(planted, code, order, officer)
    for code in ("county", "far-town"):
        _programme(planted, code, seeds)
    _callers(planted)
    return planted


def _unit(planted: Planted, code: str, order: int, officer: User) -> Unit:
    unit, union_id = Unit(code), planted.world.union(code).pk
    number, phone = identity_number(BORN, 100 + order), f"1380000{order:04d}"
    person = register_person(union_id=union_id, name=NAMES[code], id_number=number, phone=phone, acting_user=officer)
    household = register_household(
        union_id=union_id,
        head_id=person.pk,
        address=f"{NAMES[code]}巷1号",
        registered_on=date(2020, 1, 1),
        acting_user=officer,
    )
    open_hardship_file(
        household_id=household.pk, grade="deep", cause=f"{NAMES[code]}因病", entered_on=date(2020, 1, 1),
        review_due_on=date(2027, 1, 1), acting_user=officer,
    )  # fmt: skip
    firm = register_employer(
        union_id=union_id, name=FIRMS[code], credit_code=credit_code(500 + order), acting_user=officer
    )
    start_employment(
        person_id=person.pk, employer_id=firm.pk, started_on=date(2020, 1, 1), source="劳动合同", acting_user=officer
    )
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
        "spell": str(EmploymentSpell.objects.get(person=person).pk), "roster": roster.public_id,
    }  # fmt: skip
    _asked_of_a_bureau(unit, officer, union_id)
    held = planted.world.officer(f"post-{code}", "town_officer", code)
    request = Approval.objects.create(
        kind="planted", object_id=order, digest="d", union_id=union_id, asked_by=held, asked_at=clock.now()
    )
    unit.ids |= {"grant": str(Grant.objects.get(user=held).pk), "approval": request.public_id}
    unit.ids["change"] = TreeChange.objects.create(
        kind="found", union_id=union_id, on=clock.today(), document=f"{NAMES[code]}文件", proposed_by=held,
        details=f'{{"children":[],"unit":{{"name":"{NAMES[code]}新设"}}}}', proposed_at=clock.now(),
    ).public_id  # fmt: skip
    unit.ids["task"] = open_task(reason=f"{NAMES[code]}录系统", most=1, hours=1, acting_user=held).public_id
    unit.canaries |= {
        held.display_name, request.public_id, unit.ids["task"], f"{NAMES[code]}录系统",
        unit.ids["change"], f"{NAMES[code]}文件",
        NAMES[code], FIRMS[code], number, phone, firm.credit_code, household.public_id, person.public_id,
        statement.public_id, file_id, firm.public_id, roster.public_id,
    }  # fmt: skip
    return unit


def _asked_of_a_bureau(unit: Unit, officer: User, union_id: int) -> None:
    """The household signed, a batch with it was sent, and the bureau's table is back."""
    assert unit.person is not None
    assert unit.household is not None
    today, bureau = clock.today(), "民政局"
    paper = record_authority(
        household=unit.household, signer_ids=[unit.person.pk], bureaus_named=[bureau], purpose="复核",
        signed_on=today, valid_until=today, request_id=f"a-{unit.code}", acting_user=officer,
        paper=SimpleUploadedFile("x.png", png() + f"a{unit.code}".encode(), "image/png"),
    )  # fmt: skip
    check = cross_checks.draft_check(
        union_id=union_id, bureau=bureau, keys=["household.income_per_head"], ids=[unit.household.pk],
        title=f"{NAMES[unit.code]}核对", request_id=f"c-{unit.code}", acting_user=officer,
    )  # fmt: skip
    cross_checks.send_check(public_id=check.public_id, due_on=today, letter="", acting_user=officer)
    table = text_table([("姓名", "身份证号", "家庭人均月收入"), (NAMES[unit.code], unit.person.id_number, "900")])
    answers = cross_checks.receive_answers(
        public_id=check.public_id, upload=SimpleUploadedFile("b.csv", table), paper="", true_on=today,
        request_id=f"b-{unit.code}", acting_user=officer,
    )  # fmt: skip
    work_rosters()
    unit.ids |= {
        "authority": paper.public_id, "check": check.public_id, "answers": answers.roster.public_id,
    }  # fmt: skip
    unit.canaries |= {paper.public_id, check.public_id, answers.roster.public_id, check.title}


def _programme(planted: Planted, code: str, seeds: dict[str, User]) -> None:
    """The county of a unit adopts a programme, freezes and serves its list, and holds somebody back."""
    officer = seeds["far"] if code == "far-town" else seeds["county"]
    deputy = seeds["far-deputy"] if code == "far-town" else planted.world.user("lian")
    adoption = Adoption(
        "yantai-consolation", "试工发〔2026〕1号", "主席办公会", clock.today(), 100_000_000,
        {"cut_off_day": clock.today()}, {"per": ["person"]}, drafted_by="officer", confirmed_by="deputy",
    )  # fmt: skip
    version = adopt(adoption, {"officer": officer, "deputy": deputy})
    seen = plan_freeze(scope_of(officer, "benefits.list:freeze"), version.public_id).seen
    frozen = freeze_list(
        version_public_id=version.public_id, document_number="试工发〔2026〕2号", meeting="主席办公会",
        meeting_on=clock.today(), attachment=SimpleUploadedFile("scan.pdf", scan("x"), "application/pdf"),
        seen=seen, request_id=f"freeze-{code}", acting_user=officer,
    )  # fmt: skip
    draw = Draw.objects.create(
        version_id=version.id, union_id=frozen.union_id, period=frozen.period, number=1, committed="{}",
        list_hash="0" * 64, seed_source="双色球第2026089期", seed_on=clock.today() + timedelta(days=3),
        fixed_by=officer, fixed_at=clock.now(),
    )  # fmt: skip
    for unit in planted.units.values():
        if (unit.code == "far-town") == (code == "far-town"):
            _on_the_list(unit, version, frozen, officer)
            unit.ids["draw"] = draw.public_id


def _on_the_list(unit: Unit, version: Adopted, frozen: FrozenList, officer: User) -> None:
    assert unit.person is not None
    decision = Decision.objects.filter(version_id=version.id, subject_id=unit.person.pk).latest("pk")
    row = ListRow.objects.get(frozen_list=frozen, subject_id=unit.person.pk)
    serving = Serving.objects.create(
        list_row=row,
        served_on=clock.today(),
        reference=f"凭证{unit.code}",
        recorded_by=officer,
        recorded_at=clock.now(),
    )
    hold = place_hold(
        version_public_id=version.public_id, subject_kind="person", subject_id=unit.person.pk,
        reason=f"{NAMES[unit.code]}有第二套房", acting_user=officer,
    )  # fmt: skip
    unit.ids |= {
        "version": version.public_id, "frozen": frozen.public_id, "row": str(row.pk), "serving": serving.public_id,
        "hold": hold.public_id, "decision": decision.public_id,
    }  # fmt: skip
    unit.canaries |= {decision.public_id, serving.public_id, hold.public_id, f"凭证{unit.code}"}


def _callers(planted: Planted) -> None:
    everything = {code: unit.canaries for code, unit in planted.units.items()}
    planted.callers["anonymous"] = Caller(None, set(), set())
    for code in roles:
        if roles.get(code).scope_kind == "union":
            for place in ("town-a", "county"):
                user = planted.world.officer(f"{code}-{place}", code, place)
                seen = set().union(*(everything.get(unit, set()) for unit in BELOW[place]))
                planted.callers[f"{code} at {place}"] = Caller(user, BELOW[place], seen)
    own = planted.units["town-a"]
    planted.callers["worker of town-a"] = Caller(own.worker, {"town-a"}, own.canaries)
    agent = create_user(username="agent", display_name="agent")
    firm = Employer.objects.get(public_id=own.ids["employer"])
    grant_role(
        user=agent, role="employer_agent", employer_id=firm.pk, expires_at=clock.now() + timedelta(days=9),
        acting_user=None,
    )  # fmt: skip
    planted.callers["employer_agent of town-a"] = Caller(agent, set(), {firm.name, firm.credit_code, firm.public_id})
