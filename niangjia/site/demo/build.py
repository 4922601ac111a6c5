"""Building the demo county in the database: generate, load, adopt, publish; all at the story's own dates."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from niangjia.accounts.models import User
from niangjia.benefits.services.load import PastServingLine, VoucherLine, load_past_servings, load_vouchers
from niangjia.core import clock
from niangjia.federation.services import audit, load as tree_load
from niangjia.people.purposes import BUREAU_CHECK
from niangjia.people.services import consents, load
from niangjia.people.services.officer_persons import say_person
from niangjia.policy.services.sweeps import sweep_all
from niangjia.site.demo import adoptions, officers, towns, tree, visits
from niangjia.site.demo.accounts import PARTNER, behind_the_scenes, demo_accounts
from niangjia.site.demo.bureaus import ask_bureaus
from niangjia.site.demo.generate import SEED, generate
from niangjia.site.demo.world import Known, World

DEMO_MORNING = datetime(2026, 8, 3, 8, 30, tzinfo=clock.LOCAL)
TREE_LOADED_AT = datetime(2026, 3, 2, 9, 0, tzinfo=clock.LOCAL)
REGISTRY_LOADED_AT = datetime(2026, 7, 31, 9, 0, tzinfo=clock.LOCAL)
FAMILY_SAID_AT = datetime(2026, 8, 1, 10, 0, tzinfo=clock.LOCAL)
LAST_NIGHT = datetime(2026, 8, 3, 1, 30, tzinfo=clock.LOCAL)
REGISTER_COMPLETE_ON = date(2026, 7, 31)
# What the county's union keeps itself, gone through at the end of July: who is not in it is known not to be.
OWN_REGISTERS = {
    "hardship": "困难职工档案年中复核",
    "household_members": "家庭成员登记年中复核",
    "home_survey": "七月入户排摸",
    "sanitation_roster": "环卫所七月花名册",
    "visit_list": "走访慰问名单七月定稿",
    "service_cards": "服务卡发放台账",
    "unions": "工会组织年中统计",
    "top_hundred": "区属百强企业名单",
}
GRANTS_UNTIL = datetime(2029, 8, 1, tzinfo=clock.LOCAL)


@dataclass(frozen=True)
class Stage:
    """The county as it stands in the database: ids in the order of the world's rows."""

    world: World
    unions: dict[str, int]
    employers: list[int]
    persons: list[int]
    households: list[int]
    users: dict[str, User]


def build(seed: int = SEED, say: Callable[[str], None] = lambda _line: None) -> Stage:
    """Build the county in an empty database. System act, on a demo stage and in tests only."""
    world = generate(seed)
    say(f"generated: {len(world.persons)} people in {len(world.households)} households")
    with clock.frozen(TREE_LOADED_AT):
        unions = _load_unions(world)
    with clock.frozen(REGISTRY_LOADED_AT):
        stage = _load_registry(world, unions)
    with clock.frozen(TREE_LOADED_AT):
        stage.users.update(_load_accounts(stage))
    with clock.frozen(FAMILY_SAID_AT):
        _let_family_act(stage)
        _say_who_they_are(world, stage.users)
    say("loaded: tree, people, jobs, facts, accounts")
    ask_bureaus(
        world=world, households=stage.households, union_id=unions[tree.COUNTY], acting_user=stage.users["sumu"],
        second=stage.users["lianqiao"],
    )  # fmt: skip
    with clock.frozen(adoptions.PUBLISHED_AT):
        _open_programmes(stage)
    say("published: the programmes of the county and the province")
    towns.hand_out(stage.unions, stage.users)
    towns.wait_at_the_window(stage.unions, stage.users)
    say("handed down: what the county asks of its towns")
    visits.see(stage)
    say("seen at home: a re-check half done, a sample, calls back")
    with clock.frozen(LAST_NIGHT):
        sweep_all()
    say("decided about everybody, as of this morning")
    audit.skip_feed()
    return stage


def _let_family_act(stage: Stage) -> None:
    """杜仲山 said at the window that his wife may act for him, and that other offices may be asked."""
    person, wife = (stage.persons[stage.world.cast[name].index] for name in ("杜仲山", "桑果红"))
    officer = stage.users["sumu"]
    consents.record_mandate(person_id=person, deputy_id=wife, way="window", photograph=None, acting_user=officer)
    consents.record_answer(
        person_id=person, purpose=BUREAU_CHECK, given=True, way="window", photograph=None, request_id="demo-consent",
        acting_user=officer,
    )  # fmt: skip


def _say_who_they_are(world: World, users: dict[str, User]) -> None:
    """Each officer of the story is said by a colleague; of the other towns' nobody has said it yet."""
    files = {login: world.cast[name].public_id for login, (name, _town) in officers.LIVES_IN.items()}
    by = dict.fromkeys(files, "sumu") | {"sumu": "lianqiao"} | officers.IN_NO_FILE
    for login, colleague in by.items():
        say_person(
            user_id=users[login].pk, person_public_id=files.get(login, ""), source="任职登记表",
            acting_user=users[colleague],
        )  # fmt: skip


def _open_programmes(stage: Stage) -> None:
    root, world = stage.unions[tree.COUNTY], stage.world
    load_past_servings(
        lines=[
            PastServingLine(
                p.programme,
                p.programme_name,
                p.kind,
                stage.persons[p.subject],
                stage.unions[world.persons[p.subject].union],
                p.served_on,
                p.source,
                stage.households[p.household],
                p.amount_fen,
            )
            for p in world.past
        ],
        union_id=root,
    )
    programmes = adoptions.adopt_all(stage.users)
    load_vouchers(
        lines=[
            VoucherLine(
                stage.persons[v.person],
                stage.unions[world.persons[v.person].union],
                programmes[adoptions.VOUCHERS],
                v.issued_on,
                v.expires_on,
                None if v.employer is None else stage.employers[v.employer],
                v.bound_on,
            )
            for v in world.vouchers
        ],
        union_id=root,
    )


def _load_unions(world: World) -> dict[str, int]:
    return tree_load.load_unions(
        [
            tree_load.NewUnion(
                u.public_id, u.code, u.parent, u.name, u.name_en, u.kind, u.level, u.founded_on, u.telephone
            )
            for u in world.units.values()
        ]
    )


def _load_registry(world: World, unions: dict[str, int]) -> Stage:
    root = unions[tree.COUNTY]
    employers = load.load_employers(
        [
            load.NewEmployer(e.public_id, unions[e.union], e.name, e.credit_code, e.staff_count, e.in_zone)
            for e in world.employers
        ],
        root_id=root,
    )
    persons = load.load_persons(
        [
            load.NewPerson(p.public_id, unions[p.union], p.name, p.sex, p.born_on, p.id_number, p.phone)
            for p in world.persons
        ],
        root_id=root,
    )
    households = load.load_households(
        [
            load.NewHousehold(
                h.public_id,
                unions[h.union],
                h.address,
                h.registered_on,
                tuple((persons[index], relation) for index, relation in h.members),
            )
            for h in world.households
        ],
        root_id=root,
    )
    stage = Stage(world, unions, employers, persons, households, {})
    _load_histories(stage, root)
    return stage


def _load_histories(stage: Stage, root: int) -> None:
    world, persons = stage.world, stage.persons
    load.load_jobs(
        [
            load.NewJob(
                persons[j.person],
                stage.employers[j.employer],
                j.form,
                j.started_on,
                j.ended_on,
                j.wage_fen,
                j.source,
                _evening(j.ended_on or j.started_on),
            )
            for j in world.jobs
        ],
        root_id=root,
        complete_on=REGISTER_COMPLETE_ON,
        registers={"employment": "人社局用工登记全量比对", "zone_roster": "园区用工花名册全量"},
    )
    load.load_memberships(
        [
            load.NewMembership(persons[m.person], stage.unions[m.union], m.joined_on, m.ended_on)
            for m in world.memberships
        ],
        root_id=root,
    )
    load.load_hardship_files(
        [load.NewHardship(stage.households[h.household], h.grade, h.cause, h.entered_on, h.review_due_on, h.exited_on)
         for h in world.hardships],
        root_id=root,
    )  # fmt: skip
    load.load_facts([_fact(stage, fact) for fact in world.facts], root_id=root)
    load.load_coverage(OWN_REGISTERS, root_id=root, complete_on=REGISTER_COMPLETE_ON)


def _fact(stage: Stage, fact: Known) -> load.NewFact:
    world = stage.world
    if fact.kind == "union":
        subject = union = stage.unions[str(fact.subject)]
    elif fact.kind == "person":
        subject, union = stage.persons[int(fact.subject)], stage.unions[world.persons[int(fact.subject)].union]
    else:
        subject, union = stage.households[int(fact.subject)], stage.unions[world.households[int(fact.subject)].union]
    return load.NewFact(
        fact.kind, subject, union, fact.code, fact.value, fact.true_on, fact.proof, fact.source_zh, fact.source_en,
        _evening(fact.true_on + timedelta(days=1)),
    )  # fmt: skip


def _evening(day: date) -> datetime:
    return min(datetime.combine(day, time(17, 0), tzinfo=clock.LOCAL), LAST_NIGHT)


def _load_accounts(stage: Stage) -> dict[str, User]:
    world = stage.world
    employer = next(firm for firm in world.employers if firm.name == tree.STORY_FIRM)
    rows = []
    for account in (*demo_accounts(), *behind_the_scenes()):
        if account is PARTNER:
            continue  # her account is opened where she is named
        person = None if account.union else world.cast[account.name]
        agent = account.role == "employer_agent"
        public_id = world.public_id()
        rows.append(
            tree_load.NewAccount(
                public_id=public_id,
                # A telephone stands nowhere in the clear, not as a log-in name either.
                username=account.login if person is None else f"person-{public_id}",
                display_name=account.name,
                role=account.role,
                password=account.secret,
                phone="" if person is None else account.login,
                union_id=stage.unions[account.union] if account.union else None,
                employer_id=stage.employers[employer.index] if agent else None,
                person_id=None if agent or person is None else stage.persons[person.index],
                post=account.post,
                telephone=account.telephone,
            )
        )
    return tree_load.load_accounts(rows, posts_from=date(2024, 3, 1), expires_at=GRANTS_UNTIL)
