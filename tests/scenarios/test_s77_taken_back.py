"""S77 · 记错了撤回: a visit and a paper recorded on the wrong household go back, and everything is as before.

One household has the right to an aid by its income; the officer fills in the survey and hands in the paper of
another one there, sees it, and takes both back.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client

from niangjia.benefits.tests import world
from niangjia.core import clock
from niangjia.core.facts import facts
from niangjia.federation.models import AuditRow
from niangjia.federation.services.audit import advance_feed
from niangjia.people.models import Household, RecordedFact
from niangjia.people.services.households import open_hardship_file
from niangjia.people.tests.tables import digests
from niangjia.policy.models import Standing
from niangjia.visits import queries
from niangjia.visits.models import CampaignFile, HomeVisit, Paper
from tests.scenarios.visitor import Visitor, paper

HOUSE, STUDENT, RECHECK, PAPER = "麦芒种", "麦冬冬", "2026年回头看", "收入证明"
# What tells of the visit, of its end, of the looks on the way, and that it was decided about in between.
TELL = {
    "visits.HomeVisit", "visits.VisitAnswer", "visits.VisitTakenBack", "people.RecordedFact", "visits.Paper",
    "visits.PaperTakenBack", "files.StoredFile", "federation.AuditSeal", "federation.FeedMark", "policy.Decision",
    "policy.Sweep", "policy.Standing",
}  # fmt: skip


@dataclass
class Desk:
    """The officer of the town, and the household on which he gets it wrong."""

    officer: Visitor
    home: Household
    student: int

    @property
    def income(self) -> object:
        """What is known of the household's income."""
        return facts.get("household.income_per_head").read([self.home.pk], clock.today())[self.home.pk].value

    def decided(self) -> list[tuple[Any, ...]]:
        """What is decided of the student, apart from when."""
        rows = Standing.objects.filter(subject_kind="person", subject_id=self.student)
        return list(rows.values_list("version", "outcome", "tab", "ask", "amount_fen", "was_yes", "next_change_on"))

    def papers(self) -> str:
        """Whether the list has the paper."""
        return self.officer.open("household_file", self.home.public_id).row(PAPER)["状态"].lstrip("✓!?")

    def waits(self) -> bool:
        """Whether the re-check waits for the household."""
        return RECHECK in self.officer.open("household_file", self.home.public_id).text.partition("正在办的")[2]


@pytest.fixture
def desk(db: None, settings: LazySettings, tmp_path: Any) -> Iterator[Desk]:
    settings.DEMO_NUMBERS, settings.MEDIA_ROOT = True, str(tmp_path)
    with clock.frozen(world.MORNING):
        village = world.build_village()
        su = village.user("su")
        world.study_aid(village)
        world.letter(village)
        home = Household.objects.get(pk=village.homes[HOUSE])
        open_hardship_file(
            household_id=home.pk, grade="relative", cause="子女就学", entered_on=date(2026, 1, 5),
            review_due_on=date(2026, 12, 31), acting_user=su,
        )  # fmt: skip
        county = Visitor(_browser(su))
        county.open("standard_new")
        county.press(
            "执行", {"文号": "葵工发〔2026〕7号", "有效期起": "2026-08-03", "papers": f"{PAPER}；180天；全部；全部"}
        )
        county.open("campaign_new")
        county.press("开始", {"名称": RECHECK, "开始日期": "2026-08-03", "结束日期": "2026-08-31"})
        advance_feed()
        yield Desk(Visitor(_browser(village.user("jiang"))), home, village.persons[STUDENT])


def _browser(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def _wrong(desk: Desk) -> None:
    """The survey and the paper of another household are filled in here."""
    desk.officer.open("visit_new", desk.home.public_id, purpose="recheck")
    desk.officer.press("登记入户", {"household-income_per_head": "8600", "已经好转": True, "从哪天好转": "2026-01-01"})
    desk.officer.open("household_file", desk.home.public_id)
    desk.officer.click(f"交材料 {PAPER}")
    desk.officer.press("交材料", {"照片或扫描件": paper()})


def _take_back(desk: Desk) -> None:
    desk.officer.open("visit_file", HomeVisit.objects.latest("pk").public_id)
    desk.officer.click("记错了？撤回")
    assert "8,600.00元" in desk.officer.page.text
    assert "1,180.00元" in desk.officer.page.text, "what stands again is told before it is done"
    assert f"“{RECHECK}”中这户重新待查" in desk.officer.page.text
    desk.officer.press("按此原因撤回", {"为何撤回？": "记到了别家"})
    assert "不再计入任何地方" in desk.officer.page.text
    desk.officer.open("household_file", desk.home.public_id)
    desk.officer.click(f"交错了？撤回 {PAPER}")
    desk.officer.press("按此原因撤回", {"为何撤回？": "别家的证明"})


def _moved(desk: Desk, before: dict[str, str]) -> set[str]:
    return {label for label, digest in digests().items() if before[label] != digest}


def test_taken_back_the_household_is_as_before(desk: Desk) -> None:
    kept, before = set(RecordedFact.objects.values_list()), digests()
    decided = desk.decided()
    assert [row[1] for row in decided] == ["yes"]
    assert (desk.income, desk.papers(), desk.waits()) == (118_000, "缺", True)
    _wrong(desk)
    assert [row[1] for row in desk.decided()] == ["no"]
    assert (desk.income, desk.papers(), desk.waits()) == (860_000, "有", False)
    _take_back(desk)
    assert (desk.income, desk.papers(), desk.waits()) == (118_000, "缺", True)
    assert desk.decided() == decided
    assert _moved(desk, before) <= TELL
    assert set(RecordedFact.objects.filter(withdrawn_at__isnull=True).values_list()) == kept
    # What was taken back can be read, with who did it and why; nobody takes it back a second time.
    page = desk.officer.open("household_file", desk.home.public_id)
    assert page.text.count("记到了别家") == 1
    assert page.text.count("别家的证明") == 1
    visit, handed_in = HomeVisit.objects.get(), Paper.objects.get()
    assert "jiang·葵于2026-08-03撤回：记到了别家" in desk.officer.open("visit_file", visit.public_id).text
    assert "8,600.00元" in desk.officer.page.text
    assert "jiang·葵于2026-08-03撤回：记到了别家" in desk.officer.open("visit_take_back", visit.public_id).text
    assert not [node for node in desk.officer.page.main.walk("textarea", "input") if node.attrs.get("name") == "reason"]
    desk.officer.open("paper_take_back", handed_in.public_id)
    desk.officer.press("按此原因撤回", {"为何撤回？": "又来"}, expect=422)
    assert "已经撤回过了" in desk.officer.page.text
    acts = AuditRow.objects.filter(object_kind="household", object_id=desk.home.pk, action__endswith=":take_back")
    assert [(row.action, row.reason) for row in acts.order_by("pk")] == [
        ("visits.visit:take_back", "记到了别家"), ("visits.paper:take_back", "别家的证明"),
    ]  # fmt: skip


def test_control_a_re_check_that_stays_done_is_seen(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    before = digests()
    monkeypatch.setattr(queries, "done_instead", lambda row: row.visit)
    _wrong(desk)
    visit = HomeVisit.objects.get()
    desk.officer.open("visit_take_back", visit.public_id)
    desk.officer.press("按此原因撤回", {"为何撤回？": "记到了别家"})
    assert CampaignFile.objects.filter(visit=visit).exists()
    assert _moved(desk, before) - TELL == {"visits.CampaignFile"}
