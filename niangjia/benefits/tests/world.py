"""A small county for tests: three households in file in two towns, a migrant household, a factory, two programmes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from niangjia.accounts.models import User
from niangjia.accounts.services.users import create_user
from niangjia.benefits.services import freeze, notice
from niangjia.core import clock
from niangjia.core.facts import DOCUMENT, VISIT
from niangjia.core.ids import new_public_id
from niangjia.federation.queries import open_approvals
from niangjia.federation.scopes import scope_of, system_scope
from niangjia.federation.services import approvals
from niangjia.federation.services.audit import advance_feed
from niangjia.federation.services.grants import grant_role
from niangjia.files.tests.pictures import jpeg
from niangjia.people.services import load
from niangjia.people.services.facts import record_fact
from niangjia.people.tests.world import World, build_world, credit_code, identity_number
from niangjia.policy.services.drafts import copy_recipe, fill_in
from niangjia.policy.services.publishing import answer_request, ask_confirmation
from niangjia.policy.versions import APPROVAL_KIND

MORNING = datetime(2026, 8, 3, 8, 30, tzinfo=clock.LOCAL)
AFTER_NOTICE = datetime(2026, 8, 11, 9, 0, tzinfo=clock.LOCAL)
CONSOLATION, STUDY, PLAQUE = "yantai-consolation", "henan-autumn-study-aid", "fengxian-employer-plaque"
JOINED = date(2024, 1, 8)


def pdf(name: str = "minutes") -> SimpleUploadedFile:
    """A scanned paper."""
    return SimpleUploadedFile(f"{name}.pdf", b"%PDF-1.4\n%" + name.encode(), "application/pdf")


def photograph() -> SimpleUploadedFile:
    """A photograph of a paper."""
    return SimpleUploadedFile("letter.jpg", jpeg(), "image/jpeg")


@dataclass
class Village:
    """The world of the tests: ids by plant name."""

    base: World
    persons: dict[str, int] = field(default_factory=dict)
    homes: dict[str, int] = field(default_factory=dict)
    firm: int = 0
    mill: int = 0

    def user(self, name: str) -> User:
        """One user."""
        return self.base.user(name)

    def union(self, name: str) -> int:
        """The id of one union."""
        return self.base.union(name).pk

    @property
    def root(self) -> int:
        """The county."""
        return self.union("county")


# name, sex, born, place in the household; household by its first name
HOMES: Mapping[str, tuple[str, Sequence[tuple[str, str, date, str]]]] = {
    "艾草青": (
        "town-a",
        (("艾草青", "female", date(1978, 5, 1), "head"), ("艾米", "female", date(2014, 9, 1), "child")),
    ),
    "杜仲山": (
        "town-a",
        (("杜仲山", "male", date(1974, 3, 2), "head"), ("桑果红", "female", date(1976, 7, 7), "spouse")),
    ),
    "谷满仓": ("town-b", (("谷满仓", "male", date(1968, 11, 11), "head"),)),
    "麦芒种": (
        "town-a",
        (("麦芒种", "male", date(1981, 6, 6), "head"), ("麦冬冬", "female", date(2008, 10, 1), "child")),
    ),
}  # fmt: skip
IN_FILE = ("艾草青", "杜仲山", "谷满仓")
WORKERS = ("艾草青", "杜仲山", "桑果红", "谷满仓")


def build_village() -> Village:
    """Found the county and register everybody; four workers of three households are in file."""
    village = Village(build_world())
    _register(village)
    _work(village)
    load.load_hardship_files(
        [
            load.NewHardship(village.homes[home], "relative", "病", date(2025, 1, 1), date(2027, 1, 1))
            for home in IN_FILE
        ],
        root_id=village.root,
    )
    _facts(village)
    return village


def _register(village: Village) -> None:
    order = 0
    for home, (town, members) in HOMES.items():
        rows = []
        for name, sex, born, _place in members:
            order += 1
            number = identity_number(born, order)
            rows.append(
                load.NewPerson(new_public_id(), village.union(town), name, sex, born, number, f"+861390000{order:04d}")
            )
        ids = load.load_persons(rows, root_id=village.root)
        village.persons |= dict(zip((row.name for row in rows), ids, strict=True))
        places = tuple((pk, member[3]) for pk, member in zip(ids, members, strict=True))
        new = load.NewHousehold(new_public_id(), village.union(town), "某街1号", JOINED, places)
        village.homes[home] = load.load_households([new], root_id=village.root)[0]


def _work(village: Village) -> None:
    town = village.union("town-a")
    firms = [
        load.NewEmployer(new_public_id(), town, "榴红食品", credit_code(7), 46, in_zone=False),
        load.NewEmployer(new_public_id(), town, "麻纺厂", credit_code(8), 300, in_zone=False),
    ]
    village.firm, village.mill = load.load_employers(firms, root_id=village.root)
    jobs = [job(village, name, date(2022, 3, 1), firm=village.mill) for name in WORKERS]
    load.load_jobs(jobs, root_id=village.root, complete_on=date(2026, 7, 31), registers={"employment": "人社登记"})


def job(village: Village, name: str, started_on: date, ended_on: date | None = None, *, firm: int = 0) -> load.NewJob:
    """A job at the food factory, or at another firm."""
    return load.NewJob(
        village.persons[name], firm or village.firm, "contract", started_on, ended_on, 320_000, "人社登记", clock.now()
    )


def _facts(village: Village) -> None:
    student, home, town = village.persons["麦冬冬"], village.homes["麦芒种"], village.union("town-a")
    rows = [
        ("person", student, "school_stage", "university", DOCUMENT, date(2026, 8, 1)),
        ("household", home, "migrant_household", True, VISIT, date(2026, 5, 9)),
        ("household", home, "income_per_head", 118_000, VISIT, date(2026, 5, 9)),
    ]  # fmt: skip
    load.load_facts(
        [
            load.NewFact(kind, pk, town, code, value, on, proof, "入户", "Visit", clock.now())
            for kind, pk, code, value, proof, on in rows
        ],
        root_id=village.root,
    )


def worker(village: Village, name: str) -> User:
    """Somebody of the village who can log in to his own pages."""
    user = create_user(username=f"w-{name}", display_name=name)
    grant_role(
        user=user, role="worker", person_id=village.persons[name], expires_at=clock.now() + timedelta(days=365),
        acting_user=None,
    )  # fmt: skip
    return user


def agent(village: Village) -> User:
    """Somebody who acts for the factory."""
    user = create_user(username="agent", display_name="石榴红")
    grant_role(
        user=user, role="employer_agent", employer_id=village.firm, expires_at=clock.now() + timedelta(days=365),
        acting_user=None,
    )  # fmt: skip
    return user


def adopt(
    village: Village,
    recipe: str,
    *,
    budget_fen: int | None = None,
    numbers: Mapping[str, Any] | None = None,
    per: Sequence[str] | None = None,
) -> str:
    """Take a recipe over and publish it, as an officer and a deputy do; returns the version's public id."""
    su, lian = village.user("su"), village.user("lian")
    version = copy_recipe(recipe=recipe, acting_user=su)
    fill_in(
        version_public_id=version.public_id, numbers=numbers or {}, choices={"per": per} if per else {},
        document_number="云工发〔2026〕12号", meeting="主席办公会", meeting_on=date(2026, 6, 12), attachment=pdf(),
        budget_fen=budget_fen, acting_user=su,
    )  # fmt: skip
    ask_confirmation(version_public_id=version.public_id, acting_user=su)
    approval = open_approvals(system_scope(), APPROVAL_KIND).get(object_id=version.pk)
    answer_request(approval_public_id=approval.public_id, verdict="confirmed", acting_user=lian)
    return str(version.public_id)


def consolation(village: Village, *, per: str = "person", budget_fen: int | None = 1_000_000) -> str:
    """2,000 yuan for each worker (or household) in file: four workers, three households."""
    return adopt(village, CONSOLATION, budget_fen=budget_fen, numbers={"cut_off_day": date(2026, 7, 31)}, per=[per])


def study_aid(village: Village) -> str:
    """5,000 yuan for each student of a migrant household; 麦冬冬 lacks the letter of admission."""
    numbers = {"aid_per_student": 500_000, "income_line": 200_000, "near_band": 20_000}
    return adopt(village, STUDY, budget_fen=40_000_000, numbers=numbers)


def frozen(village: Village, version: str, request_id: str = "r1") -> Any:
    """The list of a version, frozen by the county officer."""
    su = village.user("su")
    plan = freeze.plan_freeze(scope_to_freeze(village), version)
    return freeze.freeze_list(
        version_public_id=version, document_number="云工发〔2026〕21号", meeting="主席办公会",
        meeting_on=date(2026, 8, 3), attachment=pdf(), seen=plan.seen, request_id=request_id, acting_user=su,
    )  # fmt: skip


def scope_to_freeze(village: Village) -> Any:
    """The county officer's scope for freezing."""
    return scope_of(village.user("su"), "benefits.list:freeze")


def noticed(village: Village, found: Any) -> Any:
    """A frozen list, put up."""
    return notice.start_notice(
        list_public_id=found.public_id, objection_phone="0000-8010100", place="公示栏", acting_user=village.user("su")
    )


def approved(village: Village, found: Any) -> None:
    """A list whose notice is over, approved by the deputy chair; the clock must stand after the notice."""
    asked = notice.ask_list_approval(list_public_id=found.public_id, acting_user=village.user("su"))
    approvals.decide(public_id=asked.public_id, verdict="confirmed", acting_user=village.user("lian"))


def letter(village: Village) -> None:
    """An officer has seen 麦冬冬's letter of admission; the change is decided at once."""
    record_fact(
        subject_kind="person", subject_id=village.persons["麦冬冬"], code="admission_letter", value=True, proof=VISIT,
        true_on=date(2026, 8, 2), source_zh="入户", source_en="Visit", acting_user=village.user("jiang"),
    )  # fmt: skip
    advance_feed()
