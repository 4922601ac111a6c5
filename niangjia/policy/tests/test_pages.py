"""The officer's pages: who may open them, what they say, and the whole way from recipe to list."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse
from django.utils import translation

from niangjia.core import clock
from niangjia.engines import rules
from niangjia.federation.looking import LookedAt, looks_at
from niangjia.people.queries import households_of, subject_cards
from niangjia.policy.catalogue import catalogue_for
from niangjia.policy.desk import rule_of
from niangjia.policy.models import Decision, ProgrammeVersion, Publication
from niangjia.policy.sections import checks
from niangjia.policy.services.drafts import fill_in
from niangjia.policy.tests.recipes import AID
from niangjia.policy.tests.world import Place, asked, drafted, pdf, published

pytestmark = pytest.mark.one_database


def client_of(place: Place, name: str, language: str = "zh-hans") -> Client:
    """Somebody's browser."""
    client = Client()
    client.force_login(place.user(name))
    client.cookies["language"] = language
    return client


def text(answer: Any) -> str:
    """A page as text."""
    return str(answer.content.decode())


def form_of(version: ProgrammeVersion, **more: Any) -> dict[str, Any]:
    """What the browser would send when nothing was changed."""
    return {
        "edition": version.edition, "valid_from": version.valid_from.isoformat(),
        "valid_to": "2026-12-31", "document_number": version.document_number, "meeting": version.meeting,
        "meeting_on": "", "budget": "", **more,
    }  # fmt: skip


def test_from_a_recipe_to_the_list_as_people_do_it(place: Place) -> None:
    su, lian = client_of(place, "su"), client_of(place, "lian")
    assert "助学标准：来源没有写金额，填上文号和金额才能发布。" in text(su.get("/desk/programmes/recipes/aid/"))
    answer = su.post("/desk/programmes/recipes/aid/", {"edition": "2026年版"})
    version = ProgrammeVersion.objects.get()
    assert answer["Location"] == reverse("desk_version", args=[version.public_id])
    here = answer["Location"]
    refused = su.post(f"{here}request/")
    assert refused.status_code == 422
    assert "还没有填文号。" in text(refused)
    filled = form_of(
        version, number_aid_per_student="5000", number_income_line="1,500元", document_number="云工发〔2026〕18号",
        meeting="主席办公会", meeting_on="2026-07-28", budget="10000", attachment=pdf(),
    )  # fmt: skip
    assert su.post(f"{here}draft/", filled).status_code == 302
    page = text(su.get(here))
    assert "人均收入" in page or "家庭人均月收入" in page
    assert "5,000.00元" in page
    trial = text(su.get(f"{here}trial/"))
    assert "5,000.00" in trial
    assert su.post(f"{here}request/").status_code == 302
    assert "与文件一致" in text(lian.get(f"{here}confirmation/"))
    assert lian.post(f"{here}confirmation/", {"answer": "confirmed"})["Location"] == here
    assert Publication.objects.filter(version=version).exists()
    assert "正在执行" in text(su.get(here))
    assert "助学" in text(su.get("/desk/programmes/"))


WRONG = [
    ({"number_aid_per_student": "五千"}, "请按元填写金额，例如5000或5000.50。"),
    ({"number_aid_per_student": "-5"}, "金额不能小于0元。"),
    ({"number_aid_per_student": "0.00"}, "这是要发的金额，要大于0元"),
    ({"number_aid_per_student": "9" * 20}, "最多可以填10,000,000,000元"),
    ({"number_age_least": "16.5"}, "请填整数。"),
    ({"number_age_least": "1" * 40}, "请填整数。"),
    ({"meeting_on": "7月28日"}, "日期请填成2026-08-03这样。"),
    ({"meeting_on": "2026-02-30"}, "日期请填成2026-08-03这样。"),
    ({"budget": "很多"}, "请按元填写金额，例如5000或5000.50。"),
    ({"budget": "0"}, "预算要大于0元"),
    ({"budget": "-1"}, "金额不能小于0元。"),
    ({"budget": "10000000000.01"}, "最多可以填10,000,000,000元"),
    ({"meeting_on": "2026-08-04"}, "会议日期还没有到。"),
    ({"valid_from": ""}, "请填开始日期。"),
    ({"valid_from": "2026-09-01", "valid_to": "2026-08-01"}, "截止日期早于开始日期。"),
    ({"edition": ""}, "请写版本名称"),
    ({"valid_from": "0001-01-01"}, "文本里的数字从2024-01-01起才有效"),
]


@pytest.mark.parametrize(("wrong", "sentence"), WRONG, ids=lambda value: str(value)[:40])
def test_what_cannot_be_read_gets_a_sentence_and_saves_nothing(
    place: Place, wrong: dict[str, str], sentence: str
) -> None:
    version = drafted(place)
    before = ProgrammeVersion.objects.filter(pk=version.pk).values().get()
    answer = client_of(place, "su").post(
        f"/desk/programmes/{version.public_id}/draft/", {**form_of(version, document_number="另一号"), **wrong}
    )
    assert answer.status_code == 422
    assert sentence in text(answer)
    assert "另一号" in text(answer)  # what was typed is still there
    assert ProgrammeVersion.objects.filter(pk=version.pk).values().get() == before


def test_everything_that_is_wrong_is_said_at_once(place: Place) -> None:
    version = drafted(place)
    wrong = form_of(version, number_aid_per_student="0", meeting_on="2026-08-04", budget="-1")
    page = text(client_of(place, "su").post(f"/desk/programmes/{version.public_id}/draft/", wrong))
    for words in ("会议日期还没有到。", "这是要发的金额，要大于0元", "金额不能小于0元。"):
        assert words in page


def test_an_upload_that_is_no_paper_is_refused_with_what_to_do(place: Place) -> None:
    version = drafted(place)
    from django.core.files.uploadedfile import SimpleUploadedFile  # noqa: PLC0415  only here

    for content in (b"", b"MZ not a scan"):
        answer = client_of(place, "su").post(
            f"/desk/programmes/{version.public_id}/draft/",
            form_of(version, attachment=SimpleUploadedFile("paper.pdf", content)),
        )
        assert answer.status_code == 422
        assert "文件" in text(answer)


def test_an_empty_answer_of_the_second_person_asks_again(place: Place) -> None:
    version, _request = asked(place)
    lian = client_of(place, "lian")
    for data in ({}, {"answer": "maybe"}, {"answer": "returned", "note": "  "}):
        answer = lian.post(f"/desk/programmes/{version.public_id}/confirmation/", data)
        assert answer.status_code == 422
        assert "还没有发布，也没有退回。" in text(answer)
        assert "选填" not in text(answer)  # the sentence is needed for a return
    assert "哪里和文件不一致：请写一句" in text(answer)
    assert not Publication.objects.exists()
    lian.post(f"/desk/programmes/{version.public_id}/confirmation/", {"answer": "returned", "note": "金额不对"})
    assert "金额不对" in text(client_of(place, "su").get(f"/desk/programmes/{version.public_id}/"))


def test_what_waits_stands_on_the_second_persons_first_page_and_not_on_others(place: Place) -> None:
    version, _request = asked(place)
    address = reverse("desk_version_confirmation", args=[version.public_id])
    assert address in text(client_of(place, "lian").get("/desk/"))
    assert address not in text(client_of(place, "su").get("/desk/"))
    assert client_of(place, "su").get(address).status_code == 404


def test_drafts_are_seen_by_those_who_draft_or_confirm_only(place: Place) -> None:
    version = drafted(place)
    here = f"/desk/programmes/{version.public_id}/"
    codes = {name: client_of(place, name).get(here).status_code for name in ("su", "lian", "jiang", "yun", "yuan")}
    assert codes == {"su": 200, "lian": 200, "jiang": 404, "yun": 404, "yuan": 404}


def test_another_countys_officer_gets_the_bytes_of_what_does_not_exist(place: Place) -> None:
    version = published(place)
    place.base.officer("far", "county_officer", "other-county")
    far = client_of(place, "far")
    row = Decision.objects.first()
    assert row is not None
    nothing = far.get("/desk/programmes/zzzzzzzzzzzzzz/").content
    for path in (
        f"/desk/programmes/{version.public_id}/", f"/desk/programmes/{version.public_id}/trial/",
        f"/desk/programmes/{version.public_id}/document/", f"/desk/programmes/{version.public_id}/folder/",
        f"/desk/programmes/{version.public_id}/draft/", f"/desk/decisions/{row.public_id}/",
        f"/desk/decisions/{row.public_id}/replay/",
    ):  # fmt: skip
        answer = far.get(path)
        assert (answer.status_code, answer.content) == (404, nothing), path


def test_a_town_opens_its_own_decisions_and_not_its_siblings(place: Place) -> None:
    published(place)
    mine = Decision.objects.get(subject_id=place.persons["向日葵"]).public_id
    theirs = Decision.objects.get(subject_id=place.persons["金银花"]).public_id
    jiang = client_of(place, "jiang")
    assert jiang.get(f"/desk/decisions/{mine}/").status_code == 200
    assert jiang.get(f"/desk/decisions/{theirs}/").status_code == 404
    assert jiang.get(f"/desk/programmes/{Decision.objects.first().version.public_id}/trial/").status_code == 404  # type: ignore[union-attr]


def test_a_decision_is_shown_with_facts_sources_and_the_clause_and_the_look_is_on_record(place: Place) -> None:
    published(place)
    row = Decision.objects.get(subject_id=place.persons["麦冬冬"])
    page = text(client_of(place, "jiang").get(f"/desk/decisions/{row.public_id}/"))
    for words in (
        "麦冬冬",
        "差一样",
        "只差一样",
        "1,180.00元",
        "2026-05-01",
        "可由本人提供",
        "《测试办法》第三条",
        row.digest,
    ):
        assert words in page
    assert [look.actor for look in looks_at([LookedAt("person", row.subject_id)])] == [place.user("jiang")]
    assert "完全一致" in text(client_of(place, "su").get(f"/desk/decisions/{row.public_id}/replay/"))
    replayed, opened = looks_at([LookedAt("person", row.subject_id)])
    assert (replayed.actor, opened.actor) == (place.user("su"), place.user("jiang")), "played again is looked at again"


def test_a_decision_leads_to_the_file_and_to_where_the_missing_fact_is_answered(place: Place) -> None:
    published(place)
    row = Decision.objects.get(subject_id=place.persons["麦冬冬"])
    here = f"/desk/decisions/{row.public_id}/"
    card = subject_cards("person", [row.subject_id], today=clock.today())[row.subject_id]
    record = reverse("fact_new", args=["person", card.public_id, "admission_letter"])
    page = text(client_of(place, "jiang").get(here))
    home = households_of([row.subject_id])[row.subject_id].public_id
    for address in (record, reverse("person_file", args=[card.public_id]), reverse("household_file", args=[home])):
        assert f'href="{address}"' in page
        assert client_of(place, "jiang").get(address).status_code == 200
    assert "记这条事实" in page
    other = Decision.objects.get(subject_id=place.persons["无患子"])  # her household's income is missing
    page = text(client_of(place, "jiang").get(f"/desk/decisions/{other.public_id}/"))
    assert f"/desk/facts/household/{households_of([other.subject_id])[other.subject_id].public_id}/income" in page
    yes = Decision.objects.get(subject_id=place.persons["向日葵"])
    assert "记这条事实" not in text(client_of(place, "jiang").get(f"/desk/decisions/{yes.public_id}/"))


def test_a_viewer_sees_figures_but_opens_no_decision(place: Place) -> None:
    published(place)
    yun = client_of(place, "yun")
    assert yun.get("/desk/programmes/").status_code == 200
    row = Decision.objects.first()
    assert row is not None
    assert yun.get(f"/desk/decisions/{row.public_id}/").status_code == 404


def test_a_trial_with_moved_numbers_says_where_the_money_ends(place: Place) -> None:
    version = drafted(place, budget_fen=1_000_000)
    su = client_of(place, "su")
    numbers = {
        "number_aid_per_student": "5000", "number_income_line": "3000", "number_near_band": "200",
        "number_age_least": "16",
    }  # fmt: skip
    page = text(su.get(f"/desk/programmes/{version.public_id}/trial/", numbers))
    assert "钱够到第2名，第3名起没钱了。" in page
    assert "石榴红" in page
    part = text(su.get(f"/desk/programmes/{version.public_id}/trial/", numbers, headers={"HX-Request": "true"}))
    assert "<html" not in part
    assert "第3名起没钱了" in part
    wrong = su.get(f"/desk/programmes/{version.public_id}/trial/", {**numbers, "number_income_line": "x"})
    assert "请按元填写金额" in text(wrong)
    assert "还没有试算。" in text(wrong)
    assert "还没有保存" not in text(wrong)


def test_the_public_page_says_whose_each_programme_is(place: Place, client: Client) -> None:
    published(place)
    for language in ("zh-hans", "en"):
        client.cookies["language"] = language
        page = text(client.get("/"))
        assert '<p class="quiet small">county工会</p>' in page


def test_a_condition_of_alternatives_stands_as_one_group(place: Place) -> None:
    rule = "household.hardship_in_file or household.migrant_household"
    recipe = {**AID, "rules.yaml": AID["rules.yaml"].replace("when: admission_letter", f"when: {rule}")}
    found = rules.load(recipe, catalogue_for("person"), checks(), check_examples=False)
    with translation.override("zh-hans"):
        first, second, *_rest = rule_of(found)
        page = render_to_string("policy/_rule.html", {"rule": [first, second]})
    assert (first.joined, second.joined) == ("or", "")
    assert page.count("<tbody") == 2
    group = page.split("<tbody")[1]
    assert re.sub(r"\s+", "", re.sub(r"<[^>]+>", "", group)).startswith('class="rows-joined">下面任意一项满足即可')
    assert "且" not in page
    assert group.count(">或<") == 1  # before the second alternative


def test_a_second_edition_says_whose_place_it_takes_before_it_is_sent_and_before_it_is_confirmed(place: Place) -> None:
    published(place, edition="2026年版")
    alone = client_of(place, "su")
    first = ProgrammeVersion.objects.get()
    words = "正在执行的是2026年版。这一版发布以后，从8月3日起接替它"
    assert words not in text(alone.get(f"/desk/programmes/{first.public_id}/trial/"))
    second, _request = asked(place, edition="2026年增补")
    for name, path in (("su", "trial/"), ("lian", "confirmation/")):
        assert words in text(client_of(place, name).get(f"/desk/programmes/{second.public_id}/{path}")), path


def test_an_edition_that_begins_later_takes_the_place_on_its_first_day_and_a_past_one_never(place: Place) -> None:
    published(place, edition="2026年版")
    later = drafted(place, edition="2027年版", valid_from=date(2026, 9, 1), valid_to=date(2027, 8, 31))
    su, here = client_of(place, "su"), f"/desk/programmes/{later.public_id}/trial/"
    assert "从9月1日起接替它" in text(su.get(here))
    fill_in(
        version_public_id=later.public_id, valid_from=date(2026, 1, 1), valid_to=date(2026, 7, 31),
        acting_user=place.user("su"),
    )  # fmt: skip
    assert "接替它" not in text(su.get(here))


def test_a_version_comes_out_as_a_folder_again(place: Place) -> None:
    version = published(place)
    answer = client_of(place, "su").get(f"/desk/programmes/{version.public_id}/folder/")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert "aid/rules.yaml" in archive.namelist()
        assert "云工发〔2026〕18号" in archive.read("aid/amounts.yaml").decode()


def test_pages_speak_english_whole(place: Place) -> None:
    version = published(place)
    su = client_of(place, "su", "en")
    for path in ("", f"{version.public_id}/", f"{version.public_id}/trial/", "recipes/", "recipes/aid/"):
        answer = su.get(f"/desk/programmes/{path}")
        assert answer.status_code == 200
    page = text(su.get(f"/desk/programmes/{version.public_id}/"))
    for words in ("The rule in words", "Income per head of at most 1,500.00 yuan", "2026 edition", "In force"):
        assert words in page


def test_a_broken_recipe_shows_its_fault_and_offers_no_copy(place: Place) -> None:
    page = text(client_of(place, "su").get("/desk/programmes/recipes/broken/"))
    assert "没有登记“incme_line”。" in page
    assert "复制成本县草稿" not in page
