"""A printed form that was photographed is the paper that the list of a file asks for: it is not handed in twice."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from niangjia.core import clock
from niangjia.files.models import PaperCode, PaperPhoto
from niangjia.files.tests.pictures import jpeg
from niangjia.people.models import CheckAuthority, Household, Person
from niangjia.people.services.households import add_member, open_hardship_file, register_household
from niangjia.people.services.persons import register_person
from niangjia.people.tests.world import World
from niangjia.visits.forms.standard import StandardForm, as_typed
from niangjia.visits.models import Standard
from niangjia.visits.standards import Rules, read_rules

pytestmark = pytest.mark.one_database
TODAY = date(2026, 8, 3)
AUTHORITY, SURVEY = "经济状况核对授权书", "入户登记表"


@pytest.fixture
def home(world: World, settings: LazySettings, tmp_path: object) -> Household:
    """The household of 麦芒种 and 艾草青 in the file; their county asks for four papers, three of them printed here."""
    settings.MEDIA_ROOT = str(tmp_path)
    su, town = world.user("su"), world.union("town-a").pk
    mai, ai = (register_person(union_id=town, name=name, acting_user=su) for name in ("麦芒种", "艾草青"))
    home = register_household(
        union_id=town, head_id=mai.pk, address="巷", registered_on=date(2020, 1, 1), acting_user=su
    )
    add_member(household_id=home.pk, person_id=ai.pk, relation="spouse", valid_from=date(2020, 1, 1), acting_user=su)
    open_hardship_file(
        household_id=home.pk, grade="deep", cause="病", entered_on=TODAY, review_due_on=date(2027, 1, 1), acting_user=su
    )
    adopt(
        world, f"{AUTHORITY}；30天；全部；全部；授权书", f"{SURVEY}；长期；全部；全部；入户调查表", "收入证明；30天",
        "个人信息使用同意书",
    )  # fmt: skip
    return home


def desk(world: World, name: str = "jiang") -> Client:
    """A browser logged in as somebody."""
    client = Client()
    client.force_login(world.user(name))
    return client


def adopt(world: World, *papers: str) -> None:
    """Adopt a standard through its form."""
    values = {
        **as_typed(Rules()),
        "valid_from": TODAY,
        "document_number": "云工发〔2026〕3号",
        "papers": "\n".join(papers),
    }
    assert desk(world, "su").post(reverse("standard_new"), values).status_code == 302


def filed(world: World, print_page: str, public_id: str, *more: str) -> PaperPhoto:
    """Print a form, photograph it, and type the digits under its square."""
    client = desk(world)
    assert client.get(reverse(print_page, args=[*more, public_id])).status_code == 200
    code = PaperCode.objects.latest("pk")
    client.post(reverse("papers"), {"photographs": [SimpleUploadedFile("x.jpg", jpeg(8 * (1 + code.pk % 90), 8))]})
    photo = PaperPhoto.objects.latest("pk")
    client.post(reverse("paper_file", args=[photo.public_id]), {"code": code.code, "answer": "file"})
    photo.refresh_from_db()
    assert photo.code == code
    return photo


def line(world: World, home: Household, name: str) -> str:
    """One line of the list of papers on the household's page, and the number of those that are there."""
    page = desk(world).get(reverse("household_file", args=[home.public_id])).content.decode()
    found = page[page.index(f'<th scope="row">{name}</th>') :]
    return found[: found.index("</tr>")]


def test_a_filed_survey_form_is_there_with_its_day_and_opens(world: World, home: Household) -> None:
    assert "缺" in line(world, home, SURVEY)
    photo = filed(world, "visit_form", home.public_id)
    shown = line(world, home, SURVEY)
    assert ">有<" in shown
    assert "2026-08-03" in shown
    assert reverse("paper_picture", args=[photo.public_id]) in shown
    assert "交材料" not in shown, "nobody is asked to hand it in again"
    assert reverse("paper_new", args=[home.public_id]) not in shown
    assert "缺" in line(world, home, AUTHORITY), "one form is not another"
    assert "缺" in line(world, home, "收入证明")


def test_the_kind_decides_and_not_the_name(world: World, home: Household) -> None:
    filed(world, "visit_form", home.public_id)
    tomorrow = TODAY + timedelta(days=1)
    with clock.frozen(tomorrow):
        values = {
            **as_typed(Rules()), "valid_from": tomorrow, "document_number": "云工发〔2026〕4号",
            "papers": f"{SURVEY}；长期；全部；全部",
        }  # fmt: skip
        assert desk(world, "su").post(reverse("standard_new"), values).status_code == 302
        assert "缺" in line(world, home, SURVEY), "nobody said that this paper is the printed form"


def test_a_photograph_taken_long_ago_is_stale(world: World, home: Household) -> None:
    filed(world, "authority_form", home.public_id, "household")
    with clock.frozen(TODAY + timedelta(days=30)):
        assert "2026-09-02" in line(world, home, AUTHORITY), "fresh to this day"
        assert ">有<" in line(world, home, AUTHORITY)
    with clock.frozen(TODAY + timedelta(days=31)):
        shown = line(world, home, AUTHORITY)
        assert "过期" in shown
        assert reverse("paper_new", args=[home.public_id]) in shown


def entered(world: World, home: Household, photo: PaperPhoto, signed_on: date, valid_until: date) -> CheckAuthority:
    """Enter the authority that was photographed."""
    values = {
        "signers": [str(pk) for pk in Person.objects.values_list("pk", flat=True)], "bureaus": ["民政局"],
        "purpose": "复核", "signed_on": str(signed_on), "valid_until": str(valid_until), "request_id": "p",
        "photographed": photo.public_id,
    }  # fmt: skip
    assert desk(world).post(reverse("authority_new", args=["household", home.public_id]), values).status_code == 302
    return CheckAuthority.objects.get()


def test_what_was_entered_from_the_photograph_gives_its_day_and_how_long_it_counts(
    world: World, home: Household
) -> None:
    photo = filed(world, "authority_form", home.public_id, "household")
    paper = entered(world, home, photo, TODAY - timedelta(days=9), TODAY + timedelta(days=5))
    shown = line(world, home, AUTHORITY)
    assert "2026-07-25" in shown, "the day on the paper"
    assert "2026-08-08" in shown, "it says itself how long it counts, less than the standard would"
    desk(world).post(reverse("authority_withdraw", args=[paper.public_id]))
    assert "缺" in line(world, home, AUTHORITY), "an authority that was taken back is none"


def test_a_form_that_each_signs_is_there_once_each_has(world: World, home: Household) -> None:
    mai, ai = Person.objects.order_by("pk")
    filed(world, "consent_paper", mai.public_id)
    assert "缺" in line(world, home, "个人信息使用同意书")
    with clock.frozen(datetime(2026, 8, 4, 9, tzinfo=clock.LOCAL)):
        filed(world, "consent_paper", ai.public_id)
        shown = line(world, home, "个人信息使用同意书")
    assert ">有<" in shown
    assert "2026-08-03" in shown, "the oldest of them is the one that counts"


def test_the_newer_of_paper_and_form_is_shown(world: World, home: Household) -> None:
    photo = filed(world, "visit_form", home.public_id)
    with clock.frozen(TODAY + timedelta(days=2)):
        values = {
            "name": SURVEY, "dated_on": "2026-08-05", "request_id": "q",
            "upload": SimpleUploadedFile("y.jpg", jpeg(8, 16)),
        }  # fmt: skip
        assert desk(world).post(reverse("paper_new", args=[home.public_id]), values).status_code == 302
        shown = line(world, home, SURVEY)
    assert "2026-08-05" in shown
    assert reverse("paper_picture", args=[photo.public_id]) not in shown


def test_the_printed_file_says_the_same(world: World, home: Household) -> None:
    filed(world, "visit_form", home.public_id)
    page = desk(world).get(reverse("household_print", args=[home.public_id])).content.decode()
    assert f'<td>{SURVEY}</td><td>有</td><td class="num">2026-08-03</td>' in page


def test_the_standard_says_which_paper_is_a_form_and_begins_the_next_edition_with_it(
    world: World, home: Household
) -> None:
    rules = read_rules(Standard.objects.get().body)
    assert [paper.form for paper in rules.papers] == ["authority", "survey", "", "consent"]
    page = desk(world, "su").get(reverse("standards")).content.decode()
    assert "本处打印的“授权书”" in page
    form = StandardForm({**as_typed(rules), "valid_from": TODAY, "document_number": "x"})
    assert form.is_valid(), form.errors
    assert form.rules() == rules
    wrong = StandardForm(
        {**as_typed(rules), "valid_from": TODAY, "document_number": "x", "papers": "证；长期；全部；全部；通行证"}
    )
    assert "没有叫这个名字的表" in str(wrong.errors["papers"])


def test_an_edition_of_before_is_read(home: Household) -> None:
    body = Standard.objects.get().body.replace('"form":"survey",', "").replace('"form":"authority",', "")
    assert [paper.form for paper in read_rules(body).papers] == ["", "", "", "consent"]
