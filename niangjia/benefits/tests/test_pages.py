"""The pages as people see them: words, groups, rights, and a number of queries that does not grow."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from niangjia.benefits.services import notice
from niangjia.benefits.tests import world
from niangjia.benefits.tests.test_vouchers import hired
from niangjia.core import clock
from niangjia.core.ids import new_public_id
from niangjia.federation.looking import LookedAt, looks_at
from niangjia.people import queries as people
from niangjia.people.services import load
from niangjia.people.services.facts import record_fact
from niangjia.policy import queries as policy
from niangjia.policy.services.sweeps import sweep_all

pytestmark = pytest.mark.one_database

if TYPE_CHECKING:
    from niangjia.accounts.models import User
    from niangjia.benefits.tests.world import Village


def client_of(user: User, language: str = "zh-hans") -> Client:
    """A browser in which somebody is logged in."""
    client = Client()
    client.force_login(user)
    client.cookies["language"] = language
    return client


def text_of(client: Client, address: str, status: int = 200) -> str:
    """The words of a page's main part."""
    response = client.get(address)
    assert response.status_code == status, address
    page = response.content.decode()
    main = re.search(r"<main.*?</main>", page, re.S)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main[0] if main else page))


def test_the_list_says_numbers_with_units_and_one_sentence(village: Village) -> None:
    version = world.consolation(village)
    words = text_of(client_of(village.user("su")), reverse("desk_list", args=[version]))
    assert "3 户" in words
    assert "8,000.00 元" in words
    assert "预算10,000.00元，结余2,000.00元" in words
    assert "截至8月3日08:30" in words
    assert "初步符合3户4人，其中从未领过3户，合计8,000.00元" in words
    assert "未定稿" in words


def test_a_town_sees_its_own_rows_and_no_budget(village: Village) -> None:
    version = world.consolation(village)
    words = text_of(client_of(village.user("bai")), reverse("desk_list", args=[version]))
    assert "谷满仓" in words
    assert "1 户" in words
    for foreign in ("艾草青", "杜仲山", "桑果红", "预算", "定稿并"):
        assert foreign not in words


def test_what_is_missing_is_grouped_by_who_can_answer(village: Village) -> None:
    version = world.study_aid(village)
    words = text_of(client_of(village.user("su")), reverse("desk_list", args=[version]) + "?tab=one_missing")
    assert "缺录取通知书或在读证明 · 1人 · 本人能答" in words
    assert "麦冬冬" in words


def test_filters_keep_what_they_say(village: Village) -> None:
    version = world.consolation(village)
    su, here = client_of(village.user("su")), reverse("desk_list", args=[version])
    town = village.base.union("town-b").public_id
    words = text_of(su, f"{here}?tab=yes&town={town}")
    assert "谷满仓" in words
    assert "艾草青" not in words
    assert "没找到" in text_of(su, f"{here}?tab=near&town={town}")
    assert "没找到" in text_of(su, f"{here}?tab=yes&town=nowhere")


def test_who_reads_by_how_much_somebody_misses_is_written_down(village: Village) -> None:
    version, su = world.study_aid(village), village.user("su")
    record_fact(
        subject_kind="household", subject_id=village.homes["麦芒种"], code="income_per_head", value=210_000, proof=4,
        true_on=clock.today(), source_zh="存折", source_en="bank book", acting_user=su,
    )  # fmt: skip
    world.letter(village)
    about = LookedAt("person", village.persons["麦冬冬"])
    here = reverse("desk_list", args=[version])
    assert "2,100" not in text_of(client_of(su), f"{here}?tab=one_missing")
    assert looks_at([about]) == []
    assert "2,100" in text_of(client_of(su), f"{here}?tab=near")
    assert [row.actor for row in looks_at([about])] == [su]


@pytest.mark.parametrize("name", ["yun", "jiang"])
def test_who_may_not_freeze_is_not_offered_it_and_meets_a_404(village: Village, name: str) -> None:
    version = world.consolation(village)
    client = client_of(village.user(name))
    assert (
        reverse("desk_list_freeze", args=[version])
        not in client.get(reverse("desk_list", args=[version])).content.decode()
    )
    assert client.get(reverse("desk_list_freeze", args=[version])).status_code == 404


def test_frozen_by_the_form_then_noticed_then_approved_then_handed_out(village: Village) -> None:
    version = world.consolation(village)
    su, lian = client_of(village.user("su")), client_of(village.user("lian"))
    page = su.get(reverse("desk_list_freeze", args=[version])).content.decode()
    hidden = dict(re.findall(r'name="(seen|request_id)" value="([^"]+)"', page))
    empty = su.post(reverse("desk_list_freeze", args=[version]), hidden)
    assert empty.status_code == 422
    paper = {"document_number": "云工发〔2026〕21号", "meeting": "主席办公会", "meeting_on": "2026-08-03"}
    done = su.post(reverse("desk_list_freeze", args=[version]), {**hidden, **paper, "attachment": world.pdf()})
    assert done.status_code == 302
    here = done["Location"]
    su.post(here + "start/", {"place": "各镇公示栏", "objection_phone": "0000-8010100", "release": "on"})
    assert "公示中·到8月10日" in text_of(su, here)
    with clock.frozen(world.AFTER_NOTICE):
        su.post(here + "ask/")
        assert "待审批的名单" in text_of(lian, reverse("desk"))
        lian.post(here + "approval/", {"verdict": "confirmed"})
        rows = re.findall(r'name="row" value="(\d+)"', su.get(here).content.decode())
        assert len(rows) == 4
        refused = su.post(here + "servings/", {"row": rows, "served_on": "2026-08-11", "reference": ""})
        assert refused.status_code == 422
        su.post(here + "servings/", {"row": rows[:2], "served_on": "2026-08-11", "reference": "付字1号"})
        words = text_of(su, here)
        assert words.count("已发放·8月11日") == 2
        assert "已发放 2" in text_of(su, reverse("desk_list", args=[version]))
        for overview in (reverse("desk_lists"), reverse("desk_notices"), here):
            assert "已发2，共4" in text_of(su, overview)
        su.post(here + "servings/", {"row": rows[2:], "served_on": "2026-08-11", "reference": "付字2号"})
        for overview in (reverse("desk_lists"), reverse("desk_notices"), here):
            assert "✓ 已发放 " in text_of(su, overview)
        assert "已批准" not in text_of(su, reverse("desk_lists"))


def test_the_steps_of_a_list_are_heard_as_done_or_still_to_come(village: Village) -> None:
    found = world.frozen(village, world.consolation(village))
    su, here = client_of(village.user("su")), reverse("desk_notice", args=[found.public_id])

    def heard(browser: Client) -> list[str]:
        page = browser.get(here).content.decode()
        way = re.search(r'<ol class="decisions">.*?</ol>', page, re.S)
        assert way
        return re.findall(r'<span class="visually-hidden">([^<]+)</span>', way[0])

    assert heard(su) == ["已办", "还没办", "还没办", "还没办"]
    assert heard(client_of(village.user("su"), "en")) == ["done", "still to come", "still to come", "still to come"]
    world.noticed(village, found)
    assert heard(su) == ["已办", "正在办", "还没办", "还没办"]


def test_a_worker_reads_nothing_decided_before_the_release(village: Village) -> None:
    found = world.frozen(village, world.consolation(village))
    world.noticed(village, found)
    own = client_of(world.worker(village, "谷满仓"))
    with clock.frozen(world.AFTER_NOTICE):
        world.approved(village, found)
        before = text_of(own, reverse("my_home"))
        assert "初步符合" in before
        assert "测算2,000.00元，还没批" in before
        for word in ("公示", "已批准", "已发放"):
            assert word not in before
        notice.release_list(list_public_id=found.public_id, acting_user=village.user("su"))
        after = text_of(own, reverse("my_home"))
        assert "已批准" in after
        assert "2,000.00元" in after
        assert "还没批" not in after


def test_what_a_household_gets_once_is_one_card_for_the_household(village: Village) -> None:
    version = world.consolation(village, per="household")
    couple = [client_of(world.worker(village, name)) for name in ("桑果红", "杜仲山")]
    for browser in couple:
        words = text_of(browser, reverse("my_home"))
        assert words.count("在档困难职工慰问金") == 1
        assert "在档困难职工慰问金 ✓ 初步符合 全家 测算2,000.00元" in words
    found = world.frozen(village, version)
    world.noticed(village, found)
    notice.release_list(list_public_id=found.public_id, acting_user=village.user("su"))
    for browser in couple:
        words = text_of(browser, reverse("my_home"))
        assert words.count("在档困难职工慰问金") == 1
        assert "公示中·到8月10日" in words


def test_what_each_member_gets_is_a_card_each(village: Village) -> None:
    world.consolation(village)
    words = text_of(client_of(world.worker(village, "桑果红")), reverse("my_home"))
    assert words.count("在档困难职工慰问金") == 2


def test_who_is_on_a_list_of_an_earlier_edition_is_not_promised_it_again(village: Village) -> None:
    found = world.frozen(village, world.consolation(village))
    world.consolation(village, per="household")
    world.noticed(village, found)
    notice.release_list(list_public_id=found.public_id, acting_user=village.user("su"))
    words = text_of(client_of(world.worker(village, "桑果红")), reverse("my_home"))
    assert "公示中·到8月10日" in words
    assert "初步符合" not in words


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_notice_is_shown_in_paragraphs_without_its_marks(village: Village, language: str) -> None:
    version = world.consolation(village)
    plaque = world.adopt(village, world.PLAQUE)
    card = policy.version_card(world.scope_to_freeze(village), version)
    assert card.notice_text.startswith("# ")  # the control: the notice itself has a title in Markdown
    worker, agent = world.worker(village, "桑果红"), world.agent(village)
    pk = village.persons["桑果红"]
    subject = people.subject_cards("person", [pk], today=clock.today())[pk].public_id
    firm = people.subject_cards("employer", [village.firm], today=clock.today())[village.firm].public_id
    for user, address in (
        (worker, reverse("my_benefit", args=[version, subject])),
        (agent, reverse("employer_benefit", args=[plaque, firm])),
    ):
        page = client_of(user, language).get(address).content.decode()
        prose = re.search(r'<div class="prose">(.*?)</div>', page, re.S)
        assert prose
        told = re.findall(r"<p>(.*?)</p>", prose[1], re.S)
        assert told
        assert all(text.strip() and not re.search(r"#|\*\*|^- ", text) for text in told), told


def test_one_thing_missing_stands_first_and_is_handed_in_once(village: Village) -> None:
    world.study_aid(village)
    own = client_of(world.worker(village, "麦芒种"))
    assert "现在只差一样" in text_of(own, reverse("my_home"))
    todo = own.get(reverse("my_todo")).content.decode()
    address = re.search(r'href="(/my/todo/[^"]+)"', todo)[1]
    page = own.get(address).content.decode()
    key = re.search(r'name="request_id" value="([^"]+)"', page)[1]
    assert own.post(address, {"request_id": key}).status_code == 422
    for _press in range(2):
        assert own.post(address, {"request_id": key, "photograph": world.photograph()}).status_code == 302
    words = text_of(own, reverse("my_todo"))
    assert "待核实" in words
    assert "没有要办的" in words
    assert "在 town-a工会 手里， 8月5日 前核实。" in words
    assert "现在只差一样" not in text_of(own, reverse("my_home"))
    again = own.get(address).content.decode()
    assert "8月3日 08:30交的，等核实。" in again
    assert '<form class="form"' not in again  # what waits is shown; another one is asked for by name
    assert '<form class="form"' in own.get(f"{address}?again=1").content.decode()


def test_a_group_that_lacks_a_fact_has_words_to_send_that_name_no_illness_and_no_family(village: Village) -> None:
    version = world.study_aid(village)
    address = f"{reverse('desk_list', args=[version])}?tab=one_missing"
    words = text_of(client_of(village.user("su")), address)
    assert "催办的话" in words
    assert "只差一样材料" in words
    for name in ("麦冬冬", "麦芒种"):
        assert name not in words.split("催办的话")[1].split("复制成一句话")[0]
    assert "催办的话" not in text_of(client_of(village.user("yun")), address)


def test_a_parent_sees_who_opened_the_childs_paper(village: Village) -> None:
    world.study_aid(village)
    own = client_of(world.worker(village, "麦芒种"))
    assert "还没有人看过" in text_of(own, reverse("my_me"))
    address = re.search(r'href="(/my/todo/[^"]+)"', own.get(reverse("my_todo")).content.decode())[1]
    own.post(address, {"request_id": "r-1", "photograph": world.photograph()})
    officer = client_of(village.user("su"))
    queue = officer.get(reverse("verify_queue")).content.decode()
    page = officer.get(re.search(r'href="(/desk/verify/[^"]+/)"', queue)[1]).content.decode()
    photograph = officer.get(re.search(r'<img src="(/desk[^"]+)"', page)[1])
    assert photograph.getvalue()
    words = text_of(own, reverse("my_me"))
    assert "还没有人看过" not in words
    assert "看了照片或材料（麦冬冬）" in words


def test_a_stranger_s_fact_cannot_be_handed_in(village: Village) -> None:
    world.study_aid(village)
    card = policy.own_standings({"person": [village.persons["麦冬冬"]]}, clock.today())
    assert card
    own = client_of(world.worker(village, "谷满仓"))
    student = own_public_id(village, "麦冬冬")
    assert own.get(reverse("my_supply", args=[student, "person.admission_letter"])).status_code == 404
    assert own.get(reverse("my_supply", args=["household", "household.study_room_estimate"])).status_code == 404
    assert own.get(reverse("my_supply", args=["household", "no.such"])).status_code == 404


def own_public_id(village: Village, name: str) -> str:
    """The address of a person's record."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT public_id FROM people_person WHERE id = %s", [village.persons[name]])
        return str(cursor.fetchone()[0])


def test_a_neighbour_s_matter_is_not_found(village: Village) -> None:
    version = world.consolation(village)
    own = client_of(world.worker(village, "谷满仓"))
    mine, other = own_public_id(village, "谷满仓"), own_public_id(village, "艾草青")
    assert "逐条看" in text_of(own, reverse("my_benefit", args=[version, mine]))
    assert own.get(reverse("my_benefit", args=[version, other])).status_code == 404


def test_my_page_tells_who_i_am_and_who_looked(village: Village) -> None:
    words = text_of(client_of(world.worker(village, "桑果红")), reverse("my_me"))
    assert "桑果红" in words
    assert "杜仲山" in words
    assert "990123" not in words
    assert "还没有人看过" in words


def test_the_employer_reads_how_many_and_when_and_never_who(village: Village) -> None:
    version = world.adopt(village, world.PLAQUE, budget_fen=10_000_000)
    programme = policy.version_card(world.scope_to_freeze(village), version).programme_id
    hired(village, programme, ("谷满仓", date(2024, 1, 1), None), ("桑果红", date(2025, 8, 19), None))
    client = client_of(world.agent(village))
    words = text_of(client, reverse("employer_home"))
    assert "1名持券人已干满一年，第2名8月19日满。满5名：" in words
    assert "20,000.00元" in words
    assert "不用申请，到日子我们找您" in words
    assert "招用补贴标准县里还没定，定之前我们不写数" in words
    detail = re.search(r'href="(/employer/benefits/[^"]+)"', client.get(reverse("employer_home")).content.decode())[1]
    for page in (words, text_of(client, detail)):
        for private in ("谷满仓", "桑果红", "困难", "320"):
            assert private not in page


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_pages_open_in_both_languages(village: Village, language: str) -> None:
    version = world.consolation(village)
    found = world.frozen(village, version)
    world.noticed(village, found)
    su = client_of(village.user("su"), language)
    listed, one = reverse("desk_list", args=[version]), reverse("desk_notice", args=[found.public_id])
    pages = [reverse("desk"), reverse("desk_lists"), listed, reverse("desk_notices"), one]
    pages.append(f"{reverse('list_export', args=['benefits.list'])}?about={version}")
    pages += [one + "sheet/", one + "roster/", one + "cancel/", listed + "freeze/", listed + "?tab=served"]
    for page in pages:
        words = text_of(su, page)
        if language == "zh-hans":
            assert not re.search(r"\b(the|list|handed|rows)\b", words), page
    own = client_of(world.worker(village, "谷满仓"), language)
    for name in ("my_home", "my_todo", "my_me"):
        assert text_of(own, reverse(name))


def _queries(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as seen:
        assert client.get(address).status_code == 200
    return len(seen)


def test_the_number_of_queries_does_not_grow_with_people(village: Village) -> None:
    version = world.consolation(village, budget_fen=None)
    own, su = client_of(world.worker(village, "谷满仓")), client_of(village.user("su"))
    mine, listed = _queries(own, reverse("my_home")), _queries(su, reverse("desk_list", args=[version]))
    _thirty_more(village)
    sweep_all()
    assert "34" in text_of(su, reverse("desk_list", args=[version]))
    assert _queries(su, reverse("desk_list", args=[version])) == listed
    assert _queries(own, reverse("my_home")) == mine
    assert mine <= 45


def _thirty_more(village: Village) -> None:
    town = village.union("town-b")
    rows = [load.NewPerson(new_public_id(), town, f"草{n}", "female", date(1980, 1, 1), "", "") for n in range(30)]
    ids = load.load_persons(rows, root_id=village.root)
    homes = load.load_households(
        [load.NewHousehold(new_public_id(), town, "", world.JOINED, ((pk, "head"),)) for pk in ids],
        root_id=village.root,
    )
    files = [load.NewHardship(home, "relative", "病", date(2025, 1, 1), date(2027, 1, 1)) for home in homes]
    load.load_hardship_files(files, root_id=village.root)
    village.persons |= {row.name: pk for row, pk in zip(rows, ids, strict=True)}
    jobs = [world.job(village, row.name, date(2022, 1, 1)) for row in rows]
    load.load_jobs(jobs, root_id=village.root, complete_on=date(2026, 7, 31), registers={})
