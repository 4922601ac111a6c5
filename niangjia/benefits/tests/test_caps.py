"""No programmes and no editions together give a person, a household or a payee more than a cap."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import LazySettings
from django.test import Client
from django.urls import reverse

from niangjia.benefits.candidates import candidates
from niangjia.benefits.models import FrozenList, ListRow, Received
from niangjia.benefits.services import caps, freeze, holds
from niangjia.benefits.services.caps import CapUnclear, OverCap
from niangjia.benefits.tests.capped import HOME_YEAR, write_capped
from niangjia.benefits.tests.world import Village, adopt, frozen, scope_to_freeze
from niangjia.core import clock
from niangjia.core.facts import facts
from niangjia.federation.scopes import system_scope
from niangjia.people.services.merges import merge_persons, part_persons
from niangjia.people.services.persons import register_person
from niangjia.policy import queries as policy
from niangjia.policy.models import Standing

count_what_stands = importlib.import_module("niangjia.benefits.migrations.0007_caps").count_what_stands
ONE_PAYEE = "{per: [household, payee], times: most_times, received: household.received_cash_this_year_times}"


@pytest.fixture
def shelf(settings: LazySettings, tmp_path: Path) -> Path:
    folder = tmp_path / "shelf"
    folder.mkdir()
    settings.PROGRAMMES_DIR = str(folder)
    return folder


def _hold(village: Village, version: str, name: str) -> str:
    return holds.place_hold(
        version_public_id=version, subject_kind="person", subject_id=village.persons[name], reason="核实中",
        acting_user=village.user("su"),
    ).public_id  # fmt: skip


def _rows(found: FrozenList) -> dict[int, int | None]:
    return dict(ListRow.objects.filter(frozen_list=found).values_list("subject_id", "amount_fen"))


def _given(holder: str, period: str = "2026") -> tuple[int, int]:
    return Received.objects.values_list("fen", "times").get(kind="cash", holder=holder, period=period)


def _counters() -> set[tuple[str, str, str, int, int]]:
    rows = Received.objects.exclude(fen=0, times=0).values_list("kind", "holder", "period", "fen", "times")
    return set(rows)


def _counted_anew() -> set[tuple[str, str, str, int, int]]:
    """The same figures from the lists alone, as the installation counts them when the table is first made."""
    Received.objects.all().delete()
    count_what_stands(apps, None)
    return _counters()


def test_a_list_that_would_pass_a_cap_is_refused_whole_and_says_who_which_and_what_remains(
    village: Village, shelf: Path
) -> None:
    """杜仲山 and 桑果红 live in one household: 1,500 and 1,500 yuan are more than its 2,000 in a year."""
    version = adopt(village, write_capped(shelf, "one"))
    with pytest.raises(OverCap) as refused:
        frozen(village, version)
    words = str(refused.value.sentence)
    for part in ("桑果红", "每户每年限额", "2,000.00", "1,500.00", "500.00"):
        assert part in words, words
    assert not FrozenList.objects.exists()
    assert not _counters()

    hold = _hold(village, version, "桑果红")
    first = frozen(village, version)
    assert sum(fen or 0 for fen in _rows(first).values()) == 3 * 150_000
    assert _given(f"household:{village.homes['杜仲山']}") == (150_000, 1)
    # What was received is a fact: the other member is worked out anew, and gets what remains.
    holds.lift_hold(public_id=hold, acting_user=village.user("su"))
    second = frozen(village, version, "r2")
    assert _rows(second) == {village.persons["桑果红"]: 50_000}
    assert _given(f"household:{village.homes['杜仲山']}") == (200_000, 2)
    assert _given(f"person:{village.persons['桑果红']}") == (50_000, 1)
    assert _counters() == _counted_anew()


def test_two_programmes_share_a_cap_and_what_is_used_up_is_not_frozen(village: Village, shelf: Path) -> None:
    one, two = adopt(village, write_capped(shelf, "one")), adopt(village, write_capped(shelf, "two", fen=120_000))
    _hold(village, one, "桑果红")
    frozen(village, one)
    # 500 yuan of each household remain; of two members of one household only one can have them.
    _hold(village, two, "桑果红")
    found = frozen(village, two, "r2")
    assert set(_rows(found).values()) == {50_000}
    assert {_given(f"household:{village.homes[name]}")[0] for name in ("艾草青", "杜仲山", "谷满仓")} == {200_000}
    three = adopt(village, write_capped(shelf, "three"))
    card = policy.version_card(scope_to_freeze(village), three)
    found_now = candidates(system_scope(), card)
    assert {str(one.status) for one in found_now} == {"–限额已用完"}
    with pytest.raises(freeze.NobodyToFreeze):
        frozen(village, three, "r3")


def test_amounts_worked_out_before_the_other_list_are_stopped_at_granting(
    village: Village, shelf: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where nobody has decided again yet the guard still holds; the page keeps what was typed and says it."""
    one, two = adopt(village, write_capped(shelf, "one")), adopt(village, write_capped(shelf, "two", fen=120_000))
    for version in (one, two):
        _hold(village, version, "桑果红")
    monkeypatch.setattr(caps, "_redecide", lambda rows: None)
    frozen(village, one)
    plan = freeze.plan_freeze(scope_to_freeze(village), two)
    assert plan.total_fen == 3 * 120_000
    with pytest.raises(OverCap):
        frozen(village, two, "r2")
    assert FrozenList.objects.count() == 1
    assert _counters() == _counted_anew()


def test_a_second_edition_does_not_start_from_nothing(village: Village, shelf: Path) -> None:
    """Another edition of the same programme, counting per month, is under the same cap."""
    one = adopt(village, write_capped(shelf, "one"))
    _hold(village, one, "桑果红")
    frozen(village, one)
    text = (shelf / "one" / "programme.yaml").read_text(encoding="utf-8")
    (shelf / "one" / "programme.yaml").write_text(text.replace("per: [person]", "per: [person, month]"), "utf-8")
    later = adopt(village, "one")
    rows = {row.subject_id: row for row in Standing.objects.filter(version__public_id=later, outcome="yes")}
    assert {row.amount_fen for row in rows.values()} == {50_000}
    plan = freeze.plan_freeze(scope_to_freeze(village), later)
    # The household match and the period keep those who stand on a list out; the other member is a household's second.
    assert [row.subject_id for row in plan.rows] == [village.persons["桑果红"]]


def test_what_leaves_its_list_no_longer_counts(village: Village, shelf: Path) -> None:
    version, su = adopt(village, write_capped(shelf, "one")), village.user("su")
    _hold(village, version, "桑果红")
    found = frozen(village, version)
    row = ListRow.objects.get(subject_id=village.persons["杜仲山"])
    freeze.exclude_row(list_public_id=found.public_id, row_id=row.pk, reason="本人不要", acting_user=su)
    assert _given(f"household:{village.homes['杜仲山']}") == (0, 0)
    assert _counters() == _counted_anew()
    freeze.exclude_row(list_public_id=found.public_id, row_id=row.pk, reason="本人不要", acting_user=su)
    freeze.cancel_list(public_id=found.public_id, reason="会议没有通过", acting_user=su)
    assert not _counters()


def test_a_cap_per_payee_counts_by_who_is_paid(village: Village, shelf: Path) -> None:
    """Paid to the household, once through one payee: the second member of a household is refused by the payee."""
    version = adopt(village, write_capped(shelf, "paid", caps=ONE_PAYEE, payee="household"))
    with pytest.raises(OverCap) as refused:
        frozen(village, version)
    assert "每户经一人领取次数" in str(refused.value.sentence)
    assert "1次" in str(refused.value.sentence)
    _hold(village, version, "桑果红")
    frozen(village, version)
    home = f"household:{village.homes['杜仲山']}"
    assert _given(f"{home}/payee:{home}", "ever") == (150_000, 1)


def test_two_payees_of_one_household_are_two(village: Village, shelf: Path) -> None:
    """The same cap, but each person is paid: both members of the household get it."""
    assert len(_rows(frozen(village, adopt(village, write_capped(shelf, "each", caps=ONE_PAYEE))))) == 4


def test_a_payee_that_is_not_known_is_not_passed_over(village: Village, shelf: Path) -> None:
    version = adopt(village, write_capped(shelf, "provided", caps=ONE_PAYEE, payee="provider"))
    with pytest.raises(CapUnclear):
        frozen(village, version)
    assert not FrozenList.objects.exists()


def test_the_page_says_it_and_freezes_nothing(village: Village, shelf: Path) -> None:
    version = adopt(village, write_capped(shelf, "one", caps=HOME_YEAR))
    client = Client()
    client.force_login(village.user("su"))
    here = reverse("desk_list_freeze", args=[version])
    seen = freeze.plan_freeze(scope_to_freeze(village), version).seen
    from niangjia.benefits.tests.world import pdf  # noqa: PLC0415  next to its only use

    answer = client.post(
        here,
        {"document_number": "云工发〔2026〕21号", "meeting": "主席办公会", "meeting_on": clock.today(), "seen": seen,
         "attachment": pdf(), "request_id": "p1"},
    )  # fmt: skip
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "还剩500.00元" in page
    assert "桑果红" in page


def test_what_was_given_under_a_file_that_went_into_this_one_counts_for_the_cap(village: Village, shelf: Path) -> None:
    own_year = "{per: [person, year], fen: most_per_year, received: received_cash_this_year_fen}"
    version = adopt(village, write_capped(shelf, "one", caps=own_year))
    pk, su = village.persons["桑果红"], village.user("su")
    home = village.union("town-a")
    twin = register_person(union_id=home, name="桑果红", acting_user=su)
    Received.objects.create(kind="cash", holder=f"person:{twin.pk}", period="2026", fen=100_000, times=1)
    merge = merge_persons(survivor_id=pk, absorbed_id=twin.pk, reason="同一人", acting_user=su)
    read = facts.get("person.received_cash_this_year_fen").read
    assert read([pk], clock.today())[pk].value == 100_000
    with pytest.raises(OverCap) as refused:
        frozen(village, version)
    assert "1,000.00" in str(refused.value.sentence)
    part_persons(public_id=merge.public_id, reason="弄错了", acting_user=su)
    assert pk in _rows(frozen(village, version))
