"""Visits of the demo county: its standard, papers, a re-check half done, a drawn sample, calls back that are due.

No fact of anybody changes here: the sizes of the programmes stand as they are.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.core.files.uploadedfile import SimpleUploadedFile

from niangjia.core import clock
from niangjia.people.services.facts import record_fact
from niangjia.people.services.households import close_hardship_file, open_hardship_file
from niangjia.providers.services.contracts import conclude_contract, name_agent, register_provider
from niangjia.site.demo import numbers, tree
from niangjia.site.demo.accounts import PARTNER
from niangjia.site.demo.documents import scan
from niangjia.site.demo.world import Household
from niangjia.visits import queries
from niangjia.visits.services.campaigns import enter_figure, start_campaign
from niangjia.visits.services.handovers import hand_over
from niangjia.visits.services.papers import hand_in_paper
from niangjia.visits.services.samples import enter_seed, fix_sample, name_assessor, record_finding
from niangjia.visits.services.standards import adopt_standard
from niangjia.visits.services.visits import Table, record_visit
from niangjia.visits.standards import PaperNeed, Rules

if TYPE_CHECKING:
    from niangjia.site.demo.build import Stage

STANDARD_FROM = date(2026, 4, 1)
DOCUMENT = "云工发〔2026〕6号"
STANDARD = Rules(
    check_days=30, steady_months=2, above_fen=150_000, call_back_months=(3, 6, 12), return_days=90,
    grades={
        "deep": "享受城乡低保、特困供养的职工家庭",
        "relative": "家庭人均月收入低于1,500元，且有大额支出的职工家庭",
        "sudden": "因意外或突发事件致困的职工家庭",
    },
    papers=(
        PaperNeed("帮扶申请书"), PaperNeed("身份证和户口簿"),
        PaperNeed("家庭经济状况核对授权书", 365), PaperNeed("收入证明", 180),
        PaperNeed("诊断证明", 365, causes=("病", "伤", "残")), PaperNeed("就读证明", 365, causes=("学",)),
    ),
    questions=("household.income_per_head", "person.school_stage", "person.training_wish"),
)  # fmt: skip
DONE_TOWNS = ("谷雨街道", "雨水镇", "清明镇", "立夏镇", "寒露镇")  # in the others every third file, in two none yet
UNTOUCHED_TOWNS = ("白露镇", "霜降镇")
SEED = "03 08 17 21 26 32 11"


def see(stage: Stage) -> None:
    """Let the county's officers go from house to house since spring."""
    _adopt(stage)
    _left_in_spring(stage)
    _papers(stage)
    _recheck(stage)
    _in_a_providers_hands(stage, _sample(stage))


def _at(day: date, hour: int = 15) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=clock.LOCAL)


def _adopt(stage: Stage) -> None:
    county, officer = stage.unions[tree.COUNTY], stage.users["sumu"]
    with clock.frozen(_at(date(2026, 3, 25))):
        adopt_standard(
            union_id=county, valid_from=STANDARD_FROM, document_number=DOCUMENT, rules=STANDARD, acting_user=officer
        )
        for year, households in ((2023, 131), (2025, 108)):
            enter_figure(
                union_id=county, label="在档困难职工", value=households, unit="户", as_of=f"{year}年底",
                cut_off_on=date(year, 12, 31), source=f"县总工会{year}年年报", acting_user=officer,
            )  # fmt: skip


def _left_in_spring(stage: Stage) -> None:
    """Two households that left the file in spring, upon a check: the first is called back this week."""
    for town, left_on in (("小满镇", date(2026, 5, 6)), ("立春街道", date(2026, 5, 14))):
        home, household_id = _ordinary_home(stage, town)
        officer = stage.users["sumu"]
        with clock.frozen(_at(date(2026, 8, 1))):
            open_hardship_file(
                household_id=household_id, grade="relative", cause="收入中断", entered_on=date(2024, 3, 11),
                review_due_on=date(2026, 6, 30), acting_user=officer,
            )  # fmt: skip
            _visit(stage, home, left_on - timedelta(days=3), "review", "better", left_on - timedelta(days=95))
            _income(stage, household_id, left_on - timedelta(days=3))
            close_hardship_file(
                household_id=household_id, exited_on=left_on, reason="重新就业，收入稳定", acting_user=officer
            )


def _income(stage: Stage, household_id: int, on: date) -> None:
    """What was seen at that table in spring, as the paper file says."""
    record_fact(
        subject_kind="household", subject_id=household_id, code="income_per_head", value=268_000, proof=4, true_on=on,
        source_zh="入户调查", source_en="House visit", acting_user=stage.users["sumu"],
    )  # fmt: skip


def _ordinary_home(stage: Stage, town: str) -> tuple[Household, int]:
    """A household of two that no programme and no scene is about: nothing is known of it yet."""
    world, code = stage.world, tree.town_code(town)
    busy = {file.household for file in world.hardships} | {past.household for past in world.past}
    busy |= {int(fact.subject) for fact in world.facts if fact.kind == "household"}
    told = {int(fact.subject) for fact in world.facts if fact.kind == "person"}
    told |= {person.index for person in world.cast.values()} | {voucher.person for voucher in world.vouchers}
    home = next(
        one
        for one in world.households
        if one.town == code and one.index not in busy and len(one.members) == 2
        and not told & {index for index, _relation in one.members}
    )  # fmt: skip
    return home, stage.households[home.index]


def _visit(
    stage: Stage, home: Household, on: date, purpose: str, verdict: str, since: date | None = None, who: str = "sumu"
) -> None:
    record_visit(
        household_id=stage.households[home.index], table=Table(purpose, on, verdict, since), photos=[],
        request_id=f"demo-visit-{purpose}-{home.index}", acting_user=stage.users[who],
    )  # fmt: skip


def _papers(stage: Stage) -> None:
    """What lies in the files of the story's people: one paper of 金银花 is out of date, one of 杜仲山 is missing."""
    for name, papers in (
        ("金银花", (("帮扶申请书", date(2023, 10, 9)), ("身份证和户口簿", date(2023, 10, 9)),
                 ("家庭经济状况核对授权书", date(2026, 3, 12)), ("收入证明", date(2025, 11, 12)))),
        ("杜仲山", (("帮扶申请书", date(2026, 2, 3)), ("身份证和户口簿", date(2026, 2, 3)),
                 ("家庭经济状况核对授权书", date(2026, 2, 3)), ("诊断证明", date(2026, 2, 2)))),
    ):  # fmt: skip
        household_id = stage.households[stage.world.home_of(stage.world.cast[name]).index]
        for at, (paper, day) in enumerate(papers):
            with clock.frozen(_at(date(2026, 4, 2))):
                hand_in_paper(
                    household_id=household_id, name=paper, dated_on=day,
                    upload=SimpleUploadedFile("paper.pdf", scan(f"paper {at + 1}"), "application/pdf"),
                    request_id=f"demo-paper-{household_id}-{at}", acting_user=stage.users["sumu"],
                )  # fmt: skip


def _recheck(stage: Stage) -> None:
    """回头看 since July: five towns are through, two have not begun, the others are on their way."""
    with clock.frozen(_at(date(2026, 7, 13), 9)):
        start_campaign(
            union_id=stage.unions[tree.COUNTY], title="困难职工精准识别回头看", document_number="云工发〔2026〕14号",
            starts_on=date(2026, 7, 13), due_on=date(2026, 8, 21), acting_user=stage.users["sumu"],
        )  # fmt: skip
    world, mother = stage.world, stage.world.home_of(stage.world.cast["金银花"]).index
    done = {tree.town_code(name) for name in DONE_TOWNS}
    untouched = {tree.town_code(name) for name in UNTOUCHED_TOWNS}
    for at, file in enumerate(world.hardships):
        home = world.households[file.household]
        if home.index == mother or home.town in untouched or (home.town not in done and at % 3):
            continue
        on = date(2026, 7, 14) + timedelta(days=at % 14)
        who = "jiangli" if home.town == tree.town_code("小满镇") else "sumu"
        with clock.frozen(_at(on, 17)):
            _visit(stage, home, on, "recheck", "still", who=who)


def _sample(stage: Stage) -> str:
    """Twelve files for outsiders: fixed on Monday, drawn on Wednesday by a seed that others published."""
    officer, outsider = stage.users["sumu"], stage.users["bohe"]
    with clock.frozen(_at(date(2026, 7, 20))):
        sample = fix_sample(
            union_id=stage.unions[tree.COUNTY], title="2026年第三方核查", size=12,
            seed_source="示范省福利彩票第2026083期", seed_on=date(2026, 7, 22), ends_on=date(2026, 8, 31),
            rectify_days=15, acting_user=officer,
        )  # fmt: skip
    with clock.frozen(_at(date(2026, 7, 22), 21)):
        enter_seed(public_id=sample.public_id, value=SEED, acting_user=officer)
        name_assessor(public_id=sample.public_id, username="bohe", acting_user=officer)
    with clock.frozen(_at(date(2026, 7, 29))):
        for at, row in enumerate(list(queries.rows_for_assessor(outsider)[:5])):
            said = "家里多住了一位老人，档案里没有" if at == 3 else ""
            record_finding(row_public_id=row.public_id, agrees=not said, said=said, acting_user=outsider)
    return sample.public_id


def _in_a_providers_hands(stage: Stage, sample: str) -> None:
    """The same files for a social organisation under contract: whoever it sends sees them until the last day."""
    county, officer = stage.unions[tree.COUNTY], stage.users["sumu"]
    with clock.frozen(_at(date(2026, 7, 27))):
        provider = register_provider(
            union_id=county, name="云禾县白榆社会工作服务中心", credit_code=numbers.credit_code(90_000_001),
            kind="social", acting_user=officer,
        )  # fmt: skip
        contract = conclude_contract(
            provider_id=provider.pk, union_id=county, document_number="云工合〔2026〕7号",
            valid_from=date(2026, 7, 27), valid_to=date(2026, 9, 30), acting_user=officer,
        )  # fmt: skip
        stage.users["partner"] = name_agent(
            provider_id=provider.pk, name=PARTNER.name, phone=PARTNER.login, until=date(2026, 9, 30),
            reason="机构委托函", acting_user=officer,
        )  # fmt: skip
        hand_over(public_id=sample, contract_public_id=contract.public_id, acting_user=officer)
