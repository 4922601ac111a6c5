"""S77 · 困难职工解困脱困: seen at the table, looked at again, left only upon a fresh check, checked by outsiders.

On a tablet the survey goes along sealed and comes back from where there is no network: here its server's side, in
`tests/browser/test_away.py` the tablet.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from niangjia.core import clock
from niangjia.core.facts import VISIT, facts
from niangjia.federation.models import AuditRow
from niangjia.files.tests.pictures import png
from niangjia.people.models import HardshipFile, Household
from niangjia.people.services.households import open_hardship_file, register_household
from niangjia.people.services.persons import register_person
from niangjia.people.tests.world import World, build_world, identity_number
from niangjia.visits.models import Departure, SampleRow
from tests.scenarios.visitor import Visitor, paper

TODAY = date(2026, 8, 3)
TOWNS = ("town-a", "town-b")
PLANTS = "金银花 木芙蓉 紫丁香 白玉兰 红豆杉 黄刺玫 蓝雪花 绿绒蒿".split()  # four in each town, by turns
PAPERS = "身份证和户口簿；长期；全部；全部\n收入证明；180天；全部；全部\n诊断证明；365天；深度；病"
STANDARD = {
    "文号": "葵工发〔2026〕7号", "有效期起": "2026-08-03", "核查多少天内有效": "30", "连续好转满几个月": "2",
    "人均月收入高于（元）": "1800", "退出后第几个月回访": "3，6，12", "return_days": "90",
    "相对困难": "人均月收入低于1500元，且有一项大额支出", "papers": PAPERS,
}  # fmt: skip


@dataclass
class County:
    """Two towns with four files each, and who works there."""

    world: World
    homes: dict[str, str] = field(default_factory=dict)

    def visitor(self, name: str) -> Visitor:
        client = Client()
        client.force_login(self.world.user(name))
        return Visitor(client)

    def file_of(self, head: str) -> HardshipFile:
        return HardshipFile.objects.filter(household__public_id=self.homes[head]).latest("pk")


@pytest.fixture
def county(db: None, settings: LazySettings) -> Iterator[County]:
    settings.DEMO_NUMBERS = True
    with clock.frozen(TODAY):
        found = County(build_world())
        for at, name in enumerate(PLANTS):
            found.homes[name] = home(found.world, name, TOWNS[at % 2], at + 1)
        su = found.visitor("su")
        su.open("standard_new")
        su.press("执行", STANDARD)
        assert "葵工发〔2026〕7号" in su.page.text
        yield found


def home(world: World, name: str, town: str, number: int) -> str:
    """A household of one, in file since January."""
    su, union_id = world.user("su"), world.union(town).pk
    head = register_person(
        union_id=union_id, name=name, id_number=identity_number(date(1982, 5, 20), number), acting_user=su
    )
    found = register_household(
        union_id=union_id, head_id=head.pk, address=f"{name}巷", registered_on=date(2020, 1, 1), acting_user=su
    )
    open_hardship_file(
        household_id=found.pk, grade="relative", cause="子女就学", entered_on=date(2026, 1, 5),
        review_due_on=date(2026, 8, 31), acting_user=su,
    )  # fmt: skip
    return found.public_id


def check(visitor: Visitor, home: str, income: str, better_since: str = "") -> None:
    """Sit at the household's table, and write down what it says."""
    visitor.open("visit_new", home, purpose="review")
    found = {"已经好转": True, "从哪天好转": better_since} if better_since else {"仍然困难": True}
    visitor.press("登记入户", {"household-income_per_head": income, **found})


def leave(visitor: Visitor, home: str, expect: int = 200) -> str:
    visitor.open("hardship_close", home)
    visitor.press("退出", {"reason": "收入稳定"}, expect=expect)
    return visitor.page.text


def test_nobody_leaves_unseen_or_by_one_good_month_and_calls_back_follow(county: County) -> None:
    su, home = county.visitor("su"), county.homes["金银花"]
    assert "没有这一户30天以内的核查记录" in leave(su, home, 422)
    check(su, home, "3310", better_since="2026-07-01")
    told = leave(su, home, 422)
    assert "一个月好不算稳定" in told
    assert "2026-09-01" in told
    check(su, home, "1790", better_since="2026-05-11")
    assert "要高于1,800.00元才能退出" in leave(su, home, 422)
    check(su, home, "3310", better_since="2026-05-11")
    assert county.file_of("金银花").exited_on is None
    assert "已发的不收回" not in leave(su, home)
    departure = Departure.objects.get()
    assert (departure.visit_age_days, departure.better_months) == (0, 2)
    # The database itself holds the check fresh and the months long: a row that says otherwise is refused.
    with pytest.raises(DatabaseError), transaction.atomic():
        Departure.objects.create(
            file=county.file_of("木芙蓉"), household_id=departure.household_id, visit=departure.visit, exited_on=TODAY,
            visit_age_days=31, most_age_days=30, better_months=2, least_months=2, recorded_by=departure.recorded_by,
            recorded_at=clock.now(),
        )  # fmt: skip
    # Three, six and twelve months later somebody calls; the one that is due stands on the first page.
    page = su.open("household_file", home)
    assert [day for day in ("2026-11-03", "2027-02-03", "2027-08-03") if day in page.text] == [
        "2026-11-03", "2027-02-03", "2027-08-03"
    ]  # fmt: skip
    with clock.frozen(date(2026, 11, 1)):
        check(su, home, "3310", better_since="2026-05-11")
    with clock.frozen(date(2026, 11, 2)):
        assert "退出满3个月回访" in su.open("desk").text
        su.click("登记回访")
        su.press("登记回访", {"又困难了": True, "一句话": "又停工了"})
        assert "又困难了" in su.page.text
        assert "退出满3个月回访 · 金银花" not in su.open("desk").text
        # Return to the file is possible, and what was left stands beside it.
        su.open("hardship_open", home)
        su.press("建档", {"致困原因": "收入中断", "复核到期": "2027-08-31"})
        assert "以前的档案" in su.page.text
        # Yesterday's check is fresh, but from before it came back: it says nothing of this stay in the file.
        assert "没有这一户30天以内的核查记录" in leave(su, home, 422)
        check(su, home, "3310", better_since="2026-05-11")
        leave(su, home)
        # Back on the same day: neither the check it left upon nor an older one lets it leave again.
        su.open("hardship_open", home)
        su.press("建档", {"致困原因": "收入又中断", "复核到期": "2027-08-31"})
        assert "没有这一户30天以内的核查记录" in leave(su, home, 422)


def test_answers_at_the_table_are_facts_that_a_visit_proves_and_the_photograph_stays_private(county: County) -> None:
    jiang, home = county.visitor("jiang"), county.homes["金银花"]
    sheet = jiang.open("visit_form", home)
    assert "入户调查表" in sheet.html
    assert sheet.html.count('class="sheet-code"') == 2, "one opens the form, one files it"
    jiang.open("visit_new", home)
    photo = SimpleUploadedFile("form.png", png(), "image/png")
    jiang.press("登记入户", {"household-income_per_head": "一千八", "照片": photo}, expect=422)
    jiang.open("visit_new", home)
    jiang.press(
        "登记入户", {"household-income_per_head": "1180.50", "照片": SimpleUploadedFile("f.png", png(), "image/png")}
    )
    household = Household.objects.get(public_id=home)
    reading = facts.get("household.income_per_head").read([household.pk], TODAY)[household.pk]
    assert (reading.value, reading.proof, reading.on) == (118_050, VISIT, TODAY)
    address = dict(jiang.page.links)["照片1"]
    shown = jiang.client.get(address)
    assert (shown.status_code, b"".join(shown.streaming_content)[:4]) == (200, png()[:4])
    for close in shown._resource_closers:  # the file only: closing the answer would close the test's connection too
        close()
    assert AuditRow.objects.filter(action="visits.photo:look").count() == 1
    assert county.visitor("bai").client.get(address).status_code == 404


def test_a_survey_goes_along_on_a_tablet_and_comes_back_once_with_its_place_kept_private(county: County) -> None:
    jiang, home = county.visitor("jiang"), county.homes["金银花"]
    jiang.open("household_file", home)
    assert "金银花" in jiang.click("带到这台设备上").text
    taken = jiang.client.post(reverse("visits_away_take"), {"household": [home]}).json()["homes"]
    assert [(one["name"], one["address"]) for one in taken] == [("金银花", "金银花巷")]
    assert identity_number(date(1982, 5, 20), 1)[-4:] not in json.dumps(taken, ensure_ascii=False)
    answers = {
        "ticket": taken[0]["ticket"], "purpose": "survey", "visited_on": TODAY.isoformat(), "verdict": "still",
        "household-income_per_head": "1180.50", "latitude": "30.12345", "longitude": "120.54321", "accuracy": "14",
    }  # fmt: skip
    # Its answer was lost on the way: sent again it is the same visit.
    sent = [jiang.client.post(reverse("visits_away_send"), answers).json() for _ in range(2)]
    assert sent[0]["url"] == sent[1]["url"]
    household = Household.objects.get(public_id=home)
    reading = facts.get("household.income_per_head").read([household.pk], TODAY)[household.pk]
    assert (reading.value, reading.proof) == (118_050, VISIT)
    page = jiang._get(sent[0]["url"])
    assert "30.12345" not in page.text
    assert "30.12345" in jiang.click("登记时的位置").text
    looks = AuditRow.objects.filter(object_id=household.pk, action__in=("visits.form:take", "visits.place:look"))
    assert looks.count() == 2
    assert county.visitor("lian").client.get(jiang.page.address).status_code == 404, "reads visits, and no evidence"
    # Somebody else was there since it was taken: told first.
    later = jiang.client.post(reverse("visits_away_take"), {"household": [home]}).json()["homes"][0]
    check(county.visitor("su"), home, "900")
    asked = jiang.client.post(reverse("visits_away_send"), {**answers, "ticket": later["ticket"]})
    assert (asked.status_code, len(asked.json()["ask"])) == (409, 1)


def test_the_list_of_papers_says_there_missing_and_stale(county: County) -> None:
    su, home = county.visitor("su"), county.homes["金银花"]
    page = su.open("household_file", home)
    # No illness in the cause: the diagnosis is not asked for.
    assert {row["材料"]: row["状态"].lstrip("?") for row in page.rows if row.get("材料")} == {
        "身份证和户口簿": "缺",
        "收入证明": "缺",
    }
    for name, day in (("身份证和户口簿", "2019-03-01"), ("收入证明", "2026-02-03")):
        su.open("paper_new", home)
        su.press("交材料", {"name": name, "材料日期": day, "照片或扫描件": paper()})
    lines = {row["材料"]: row for row in su.page.rows if row.get("材料")}
    assert lines["身份证和户口簿"]["状态"].endswith("有")
    assert (lines["收入证明"]["状态"].lstrip("!"), lines["收入证明"]["有效至"]) == ("过期", "2026-08-02")
    sheet = su.open("household_print", home)
    assert "收入证明" in sheet.html


def test_a_re_check_shows_every_town_how_far_it_is(county: County) -> None:
    su = county.visitor("su")
    for name, union, number in (("榆叶梅", "grid-a", 21), ("蜡梅花", "county", 22)):  # below a town, and over the towns
        county.homes[name] = home(county.world, name, union, number)
    su.open("campaign_new")
    su.press("开始", {"名称": "精准识别回头看", "文号": "葵工发〔2026〕8号", "结束日期": "2026-08-31"})
    assert su.page.figures["名单户数"].number == "10户"
    address = su.page.address
    check(county.visitor("jiang"), county.homes["金银花"], "900")
    su._get(address)
    assert (su.page.row("town-a")["已看"], su.page.row("town-a")["仍然困难"]) == ("1户", "1户")
    assert su.page.row("town-b工会")["已看"] == "0户"
    assert "10户已回看1户" in su.page.text
    # Each number opens exactly the files it counts.
    assert [row["户主"] for row in opened(su, address, "town-a", "仍然困难")] == ["金银花"]
    assert {row["户主"] for row in opened(su, address, "town-a", "未看")} == {"紫丁香", "红豆杉", "蓝雪花", "榆叶梅"}
    assert [row["户主"] for row in opened(su, address, "county", "在档户数")] == ["蜡梅花"], "its own, not all below it"
    assert {row["状态"].lstrip("?") for row in opened(su, address, "town-b", "在档户数")} == {"待看"}
    # An officer of a town sees his own part of it, and of the list too.
    bai = county.visitor("bai")
    assert bai._get(address).figures["名单户数"].number == "4户"
    assert {row["工会"] for row in bai._get(f"{address}files/").rows} == {"town-b工会"}


def opened(visitor: Visitor, address: str, town: str, label: str) -> list[dict[str, str]]:
    """The rows that one number of a town's line opens."""
    visitor._get(address)
    row = next(row for row in visitor.page.main.walk("tr") if town in row.text)
    link = next(node for cell in row.walk("td") if cell.attrs.get("data-label") == label for node in cell.walk("a"))
    return visitor._get(link.attrs["href"]).rows


def test_who_left_without_a_check_on_record_stands_on_a_list(county: County) -> None:
    su = county.visitor("su")
    page = su.open("left_unchecked")
    assert page.rows == []
    assert "没有无核查退出的户" in page.text
    check(su, county.homes["木芙蓉"], "3310", better_since="2026-05-11")
    leave(su, county.homes["木芙蓉"])
    # Entered from the old books: it had left before anybody was asked for a check.
    HardshipFile.objects.filter(pk=county.file_of("金银花").pk).update(exited_on=date(2026, 3, 1))
    number = su.open("visits_index").figures["无核查退出"]
    assert number.number == "1户"
    assert [row["户主"] for row in su.open("left_unchecked").rows] == ["金银花"]
    assert [row["退出日期"] for row in su.open("left_unchecked", since="2026-03-01").rows] == ["2026-03-01"]
    assert su.open("left_unchecked", since="2026-03-02").rows == []
    assert su.open("left_unchecked", since="2026-13-02").rows == [], "no day of a calendar finds nobody, not everybody"


def test_outsiders_see_their_sample_masked_and_anybody_can_draw_it_again(county: County) -> None:
    su, yun = county.visitor("su"), county.world.officer("yun-assessor", "assessor", "county")
    su.open("sample_new")
    su.press(
        "固定名单",
        {
            "名称": "第三方核查",
            "抽取户数": "4",
            "种子来源": "双色球第2026090期",
            "种子公布日期": "2026-08-05",
            "核查截止日期": "2026-08-31",
        },
    )
    address, hashes = su.page.address, [row["名单摘要"] for row in su.page.rows]
    sample_id = address.split("/")[4]
    assert not SampleRow.objects.exists()
    client = Client()
    client.force_login(yun)
    with clock.frozen(date(2026, 8, 5)):
        su._get(address)
        su.press("抽取", {"种子": "07 09 11 16 23 30 12"})
        assert [row["名单摘要"] for row in su.page.rows if row.get("名单摘要")] == hashes
        drawn = {row["分层"]: int(row["抽中"].rstrip("户")) for row in su.page.rows if row.get("分层")}
        assert drawn == {"town-a工会": 2, "town-b工会": 2}
        _drawn_again(su, sample_id)
        assert client.get(f"/desk/households/{county.homes['金银花']}/").status_code == 404
        assert Visitor(client).open("assess_index").rows == []
        su.press("指派", {"核查人员的登录名": "yun-assessor"})
        outsider = Visitor(client)
        page = outsider.open("assess_index")
        assert len(page.rows) == 4
        assert not [name for name in PLANTS if name in page.html]
        _two_differ(outsider, page.links)
        su._get(address)
        rates = [row["不一致率"] for row in su.page.rows if row.get("不一致率")]
        assert rates == ["50.00%", "50.00%"]
        su._get(next(href for words, href in su.page.links if words.startswith("整改")))
        su.press("记录", {"改正了什么": "收入按工资单改过"})
        su._get(address)
        assert [row["整改"] for row in su.page.rows if row.get("分层")].count("1户") == 1
        right = opened(su, address, "town-", "整改")
        assert [row["状态"].lstrip("✓!?") for row in right] == ["不一致，已整改"]
        states = [row["状态"].lstrip("✓!?") for row in su._get(f"{address}files/").rows]
        assert sorted(states) == ["不一致，已整改", "与档案一致", "与档案一致", "与档案不一致"]
        assert len(su._get(f"{address}files/?state=waiting").rows) == 0
    with clock.frozen(date(2026, 9, 1)):
        assert outsider.open("assess_index").rows == []


def _two_differ(outsider: Visitor, links: list[tuple[str, str]]) -> None:
    """The first of each town is otherwise than in the file; the address is shown for a reason only."""
    rows = [href for words, href in links if "*" in words]
    for at, href in enumerate(rows):
        outsider._get(href)
        assert "巷" not in outsider.page.text
        if at == 0:
            outsider.press("显示住址", {"reason": " "}, expect=422)
            assert "巷" in outsider.press("显示住址", {"reason": "上门核查"}).text
        wrong = at % 2 == 0
        outsider.press("记录", {"与档案不一致": True, "said": "收入比档案高"} if wrong else {"与档案一致": True})


def _drawn_again(su: Visitor, sample_id: str) -> None:
    """Each stratum's file, run again with nothing but its text and SHA-256, gives the drawn files."""
    for words, href in su.page.links:
        if not words.startswith("抽样文件"):
            continue
        file = json.loads(su.client.get(href).content)
        committed = json.dumps(file["committed"], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        assert hashlib.sha256(committed.encode()).hexdigest() == file["list_hash"]

        def ticket(entrant: dict[str, str], file: dict[str, str] = file) -> str:
            return hashlib.sha256(f"{file['list_hash']}:{file['seed']}:{entrant['id']}".encode()).hexdigest()

        again = [one["id"] for one in sorted(file["committed"]["entrants"], key=ticket)][: file["committed"]["places"]]
        rows = SampleRow.objects.filter(sample__public_id=sample_id, stratum_id=int(href.rstrip("/").split("/")[-1]))
        assert list(rows.order_by("position").values_list("household__public_id", flat=True)) == again


def test_the_figures_add_up_and_a_reported_one_keeps_its_own_cut_off(county: County) -> None:
    su = county.visitor("su")
    for name in ("金银花", "木芙蓉"):
        check(su, county.homes[name], "3310", better_since="2026-05-11")
        leave(su, county.homes[name])
    page = su.open("visits_index", since="2026-01-01")
    numbers = {label: figure.number for label, figure in page.figures.items()}
    assert numbers == {"期初": "0户", "新增": "8户", "退出": "2户", "期末": "6户", "无核查退出": "0户"}
    for value, as_of, day in (("71000", "2017年", "2017-12-31"), ("2513", "2020年10月30日", "2020-10-30")):
        su.open("reported_figures")
        su.press(
            "登记",
            {
                "数什么": "全国级在档困难职工",
                "数字": value,
                "单位": "户",
                "截至（照来源原文）": as_of,
                "截止日期": day,
                "来源": "工人日报2020-10-31",
            },
        )
    assert su.page.row("2020-10-30")["下降"] == "96.46%"
    assert su.page.row("2017-12-31")["下降"] == ""
    su.open("reported_figures")
    su.press(
        "登记",
        {
            "数什么": "全国级在档困难职工",
            "数字": "1",
            "单位": "户",
            "截至（照来源原文）": "2017年",
            "截止日期": "2017-12-31",
            "来源": "别处",
        },
        expect=422,
    )


def test_a_grade_stands_on_a_visit_and_on_the_edition_of_its_day(county: County) -> None:
    su, home = county.visitor("su"), county.homes["金银花"]
    su.open("grade_decide", home)
    assert "人均月收入低于1500元" in su.page.text
    su.press("确定", {"grade": "深度困难", "reason": "又住院"}, expect=422)
    assert "定等级要有入户依据" in su.page.text
    check(su, home, "900")
    su.open("grade_decide", home)
    su.press("确定", {"grade": "深度困难", "复核到期": (TODAY + timedelta(days=180)).isoformat(), "原因": "又住院"})
    assert "深度困难 · 2026-08-03" in su.page.text
    assert county.file_of("金银花").grade == "deep"
