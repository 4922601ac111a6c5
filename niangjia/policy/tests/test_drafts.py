"""Taking a recipe over, filling it in, and what refuses."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.utils import translation

from niangjia.core import clock
from niangjia.core.errors import NotFoundHere, Refusal, RightMissing
from niangjia.federation.models import Grant
from niangjia.federation.services.approvals import ChangedSince, SamePerson
from niangjia.federation.services.grants import ten_years_from_now
from niangjia.files.services.store import FileTypeUnknown
from niangjia.policy import bundles
from niangjia.policy.models import Programme, ProgrammeVersion, Publication, Sweep
from niangjia.policy.readiness import gaps_of
from niangjia.policy.services import refusals
from niangjia.policy.services.drafts import copy_recipe, fill_in
from niangjia.policy.services.publishing import answer_request, ask_confirmation, withdraw
from niangjia.policy.tests.world import NUMBERS, Place, asked, by_force, drafted, published

pytestmark = pytest.mark.one_database


def test_a_copy_is_this_years_edition_of_the_officers_own_union(place: Place) -> None:
    version = copy_recipe(recipe="aid", acting_user=place.user("su"))
    assert (version.edition, version.number) == ("2026年版", 1)
    assert (version.valid_from, version.valid_to) == (date(2026, 1, 1), date(2026, 12, 31))
    assert version.programme.owner_union_id == version.area_id == place.union("county")
    assert bundles.programme_of(version.bundle).valid_from == date(2026, 1, 1)


def test_only_who_may_draft_takes_a_recipe_over(place: Place) -> None:
    for name in ("lian", "jiang", "yun", "yuan"):
        with pytest.raises(RightMissing):
            copy_recipe(recipe="aid", acting_user=place.user(name))
    assert not Programme.objects.exists()


@pytest.mark.parametrize("name", ["../aid", "nothing", "", ".", "/etc"])
def test_a_name_that_is_no_folder_of_the_shelf_is_not_there(place: Place, name: str) -> None:
    with pytest.raises(NotFoundHere):
        copy_recipe(recipe=name, acting_user=place.user("su"))


def test_a_broken_recipe_says_where_and_what_to_do(place: Place) -> None:
    with translation.override("zh-hans"), pytest.raises(refusals.RecipeBroken) as refusal:
        copy_recipe(recipe="broken", acting_user=place.user("su"))
    assert str(refusal.value.sentence) == "rules.yaml第9行：没有登记“incme_line”。是不是：income_line？"
    assert not ProgrammeVersion.objects.exists()


def test_there_is_one_draft_of_a_programme_at_a_time(place: Place) -> None:
    copy_recipe(recipe="aid", acting_user=place.user("su"))
    with pytest.raises(refusals.DraftExists):
        copy_recipe(recipe="aid", acting_user=place.user("su"))
    assert ProgrammeVersion.objects.count() == 1


def test_what_is_missing_is_named_one_sentence_each(place: Place) -> None:
    version = copy_recipe(recipe="aid", acting_user=place.user("su"))
    with translation.override("zh-hans"), pytest.raises(refusals.NotReady) as refusal:
        ask_confirmation(version_public_id=version.public_id, acting_user=place.user("su"))
    sentences = [str(sentence) for _field, sentence in refusal.value.gaps]
    assert sentences[0] == "助学标准：来源没有写金额，填上文号和金额才能发布。"
    assert [field for field, _sentence in refusal.value.gaps] == [
        "number_aid_per_student", "number_income_line", "document_number", "meeting", "attachment",
    ]  # fmt: skip


def test_an_open_choice_keeps_a_version_from_being_sent(place: Place) -> None:
    version = drafted(place, "gift", choices={})
    with pytest.raises(refusals.NotReady) as refusal:
        ask_confirmation(version_public_id=version.public_id, acting_user=place.user("su"))
    assert refusal.value.field == "choice_per"


def test_a_choice_may_be_made_anew_while_it_is_a_draft(place: Place) -> None:
    version = drafted(place, "gift", choices={"per": ["person"]}, valid_to=date(2026, 11, 30))
    version = fill_in(version_public_id=version.public_id, choices={"per": ["household"]}, acting_user=place.user("su"))
    programme = bundles.programme_of(version.bundle)
    assert programme.per == ("household",)
    assert programme.valid_to == date(2026, 11, 30)


def test_a_choice_that_was_not_offered_is_refused_whole(place: Place) -> None:
    version = copy_recipe(recipe="gift", acting_user=place.user("su"))
    with pytest.raises(refusals.ChoiceUnknown):
        fill_in(
            version_public_id=version.public_id, choices={"per": ["union"]}, document_number="1号",
            acting_user=place.user("su"),
        )  # fmt: skip
    version.refresh_from_db()
    assert version.document_number == ""


def test_a_number_set_by_the_union_names_the_document_even_when_that_comes_later(place: Place) -> None:
    su = place.user("su")
    version = copy_recipe(recipe="aid", acting_user=su)
    fill_in(version_public_id=version.public_id, numbers=NUMBERS, acting_user=su)
    version = fill_in(version_public_id=version.public_id, document_number="云工发〔2026〕18号", acting_user=su)
    entry = bundles.programme_of(version.bundle).amounts["aid_per_student"].entries[0]
    assert (entry.value, entry.origin, entry.document, entry.by) == (500_000, "set", "云工发〔2026〕18号", "county工会")
    stated = bundles.programme_of(version.bundle).amounts["near_band"].entries[0]
    assert stated.origin == "stated"


BAD: list[tuple[dict[str, Any], type[Refusal]]] = [
    ({"numbers": {"no_such": 1}}, refusals.NumberUnknown),
    ({"numbers": {"aid_per_student": "much"}}, refusals.TextBroken),
    ({"valid_from": date(2026, 9, 1), "valid_to": date(2026, 8, 1)}, refusals.DatesBackwards),
    ({"valid_from": date(2020, 1, 1)}, refusals.NumbersBeginLater),  # the recipe's numbers begin in 2024
    ({"budget_fen": 0}, refusals.BudgetNotPositive),
    ({"numbers": {"aid_per_student": 0}}, refusals.NothingGiven),
    ({"meeting_on": date(2026, 8, 4)}, refusals.MeetingAhead),
    ({"attachment": SimpleUploadedFile("paper.pdf", b"not a scan")}, FileTypeUnknown),
]


@pytest.mark.parametrize(("given", "refusal"), BAD, ids=lambda value: str(value)[:40])
def test_what_cannot_be_leaves_nothing_half_written(
    place: Place, given: dict[str, Any], refusal: type[Refusal]
) -> None:
    version = copy_recipe(recipe="aid", acting_user=place.user("su"))
    before = ProgrammeVersion.objects.filter(pk=version.pk).values().get()
    with pytest.raises(refusal):
        fill_in(version_public_id=version.public_id, document_number="1号", acting_user=place.user("su"), **given)
    assert ProgrammeVersion.objects.filter(pk=version.pk).values().get() == before


def test_a_text_that_was_sent_stands_still(place: Place) -> None:
    version, _request = asked(place)
    for act in (
        lambda: fill_in(version_public_id=version.public_id, document_number="2号", acting_user=place.user("su")),
        lambda: ask_confirmation(version_public_id=version.public_id, acting_user=place.user("su")),
    ):
        with pytest.raises(refusals.NotADraft):
            act()


def test_two_officers_cannot_overwrite_each_other(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    version = copy_recipe(recipe="aid", acting_user=place.user("su"))
    other = bundles.to_text({**bundles.from_text(version.bundle), "notice.zh.md": "别的。\n"})

    def meanwhile(bundle: Any) -> Any:
        ProgrammeVersion.objects.filter(pk=version.pk).update(bundle=other, bundle_hash="x" * 64)
        return loaded(bundle)

    loaded = bundles.load_bundle
    monkeypatch.setattr(bundles, "load_bundle", meanwhile)
    with pytest.raises(refusals.ChangedMeanwhile):
        fill_in(version_public_id=version.public_id, numbers=NUMBERS, acting_user=place.user("su"))


def test_who_asked_cannot_confirm_even_with_both_roles(place: Place) -> None:
    version, request = asked(place)
    su, county = place.user("su"), place.base.union("county")
    # Nobody gives both to one person any more; somebody who has them all the same still cannot.
    Grant.objects.create(
        user=su, role="deputy_chair", scope_kind="union", union=county, valid_from=clock.now(),
        expires_at=ten_years_from_now(),
    )  # fmt: skip
    with pytest.raises(SamePerson):
        answer_request(approval_public_id=request, verdict="confirmed", acting_user=su)
    decide = "UPDATE federation_approval SET decided_by_id = %s, decided_at = asked_at, verdict = 'confirmed'"
    with pytest.raises(IntegrityError), transaction.atomic():
        by_force("federation_approval", f"{decide} WHERE public_id = %s", [su.pk, request])
    assert not Publication.objects.filter(version=version).exists()


def test_a_text_changed_behind_the_second_persons_back_is_not_published(place: Place) -> None:
    version, request = asked(place)
    changed = version.bundle.replace("value: 500000", "value: 900000")
    assert changed != version.bundle
    ProgrammeVersion.objects.filter(pk=version.pk).update(bundle=changed)
    with pytest.raises(ChangedSince):
        answer_request(approval_public_id=request, verdict="confirmed", acting_user=place.user("lian"))
    assert not Publication.objects.exists()


def test_a_return_needs_a_sentence_and_the_draft_can_go_on(place: Place) -> None:
    version, request = asked(place)
    with pytest.raises(refusals.ReasonMissing):
        answer_request(approval_public_id=request, verdict="returned", note=" ", acting_user=place.user("lian"))
    answer_request(
        approval_public_id=request, verdict="returned", note="第三条金额不对", acting_user=place.user("lian")
    )
    assert version.returns.get().note == "第三条金额不对"
    fill_in(version_public_id=version.public_id, numbers={"aid_per_student": 400_000}, acting_user=place.user("su"))
    assert not Publication.objects.exists()
    assert not Sweep.objects.exists()


def test_publishing_decides_about_everybody_at_once(place: Place) -> None:
    version = published(place)
    assert gaps_of(version) == []
    assert version.sweeps.get().counts["yes"] == 1


@pytest.mark.parametrize("change", ["document_number = 'x'", "bundle = ''", "budget_fen = 1"])
def test_the_database_refuses_to_change_a_published_version(place: Place, change: str) -> None:
    version = published(place)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE policy_programmeversion SET {change} WHERE id = %s", [version.pk])
    with pytest.raises(IntegrityError), transaction.atomic():
        Publication.objects.filter(version=version).delete()


def test_a_version_is_taken_back_once_and_with_a_reason(place: Place) -> None:
    version = published(place)
    lian = place.user("lian")
    with pytest.raises(refusals.ReasonMissing):
        withdraw(version_public_id=version.public_id, reason="", acting_user=lian)
    withdraw(version_public_id=version.public_id, reason="文件废止", acting_user=lian)
    with pytest.raises(refusals.NotPublished):
        withdraw(version_public_id=version.public_id, reason="再来一次", acting_user=lian)
