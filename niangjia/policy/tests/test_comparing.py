"""The desk's figures against a count person by person that uses neither the engine nor its comparison."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

import pytest
from django.test import Client

from niangjia.accounts.models import User
from niangjia.core import clock
from niangjia.engines.rules.batch.compare import FEWEST
from niangjia.people.services.households import add_member
from niangjia.policy.models import ProgrammeVersion
from niangjia.policy.services.drafts import copy_recipe, fill_in
from niangjia.policy.tests.recipes import write_shelf
from niangjia.policy.tests.world import MORNING, Place, Row, add_single, build_place, drafted, published
from niangjia.policy.trials import try_out

pytestmark = pytest.mark.one_database

TODAY = date(2026, 8, 3)
TOWNS = ("town-a", "town-a", "town-b", "far-town", "grid-a", "county")
TOWN_OF = {"town-a": "town-a工会", "grid-a": "town-a工会", "town-b": "town-b工会", "county": ""}
OLD, NEW = {"income_line": 150_000, "aid": 500_000}, {"income_line": 170_000, "aid": 450_000}


def _students(number: int) -> dict[str, Row]:
    """Students around every border: exactly on the line, one fen above, sixteen today and tomorrow, nothing known."""
    by_chance = random.Random(20260803)  # the same people each time
    return {
        f"苗{at}": (
            by_chance.choice(TOWNS), by_chance.choice([date(2008, 1, 5), date(2010, 8, 3), date(2010, 8, 4)]),
            by_chance.choice([True, True, True, None, False]),
            by_chance.choice([None, 90_000, 134_999, 135_000, 150_000, 150_001, 165_000, 170_000, 187_000, 187_001]),
            date(2026, 5, 1), by_chance.random() < 0.5,
        )
        for at in range(number)
    }  # fmt: skip


STUDENTS = _students(90)


@dataclass(frozen=True)
class Counted:
    """The naive count: who would get it, by name."""

    names: frozenset[str]
    fen: int


def by_hand(line: int, aid: int, *, age: int = 16) -> Counted:
    """Walk through the students one by one, as a clerk would."""
    names = set()
    for name, (town, born, letter, income, _on, _filed) in STUDENTS.items():
        old_enough = (born.year + age, born.month, born.day) <= (TODAY.year, TODAY.month, TODAY.day)
        if town != "far-town" and letter and income is not None and income <= line and old_enough:
            names.add(name)
    return Counted(frozenset(names), aid * len(names))


@pytest.fixture(scope="module")
def county(
    django_db_setup: None, django_db_blocker: object, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Place]:
    """Ninety students, an edition in force, and a draft that moves the line up and the aid down."""
    from django.test import TestCase, override_settings  # noqa: PLC0415  needs the settings to be ready

    shelf = tmp_path_factory.mktemp("shelf") / "recipes"
    shelf.mkdir()
    write_shelf(shelf)
    with (
        django_db_blocker.unblock(),  # type: ignore[attr-defined]
        override_settings(DEMO_NUMBERS=True, PROGRAMMES_DIR=str(shelf), MEDIA_ROOT=tmp_path_factory.mktemp("files")),
        clock.frozen(MORNING),
    ):
        atomics = TestCase._enter_atomics()  # type: ignore[attr-defined]
        try:
            place = build_place(STUDENTS)
            published(place, edition="2026年版", budget_fen=10_000_000)
            yield place
        finally:
            TestCase._rollback_atomics(atomics)  # type: ignore[attr-defined]


@pytest.fixture
def draft(county: Place, db: None) -> ProgrammeVersion:
    numbers = {"aid_per_student": NEW["aid"], "income_line": NEW["income_line"]}
    version = copy_recipe(recipe="aid", acting_user=county.user("su"))
    return fill_in(
        version_public_id=version.public_id, numbers=numbers, edition="2026年增补", budget_fen=2_000_000,
        acting_user=county.user("su"),
    )  # fmt: skip


def test_every_figure_of_a_trial_is_what_counting_by_hand_gives(county: Place, draft: ProgrammeVersion) -> None:
    now, old = by_hand(NEW["income_line"], NEW["aid"]), by_hand(OLD["income_line"], OLD["aid"])
    trial = try_out(version=draft)
    beside, force = trial.beside, trial.in_force
    assert len(old.names) >= 10
    assert now.names > old.names
    assert (trial.subjects, trial.households, trial.fen) == (len(now.names), len(now.names), now.fen)
    towns = Counter(TOWN_OF[STUDENTS[name][0]] for name in now.names)
    assert {(one.name, one.subjects, one.households, one.fen) for one in beside.by_town} == {
        (name, many, many, many * NEW["aid"]) for name, many in towns.items()
    }
    before = Counter(TOWN_OF[STUDENTS[name][0]] for name in old.names)
    assert {one.name: (one.subjects_before, one.fen_before) for one in beside.by_town} == {
        name: (before[name], before[name] * OLD["aid"]) for name in towns
    }
    levels = Counter({"town-a": "town", "town-b": "town", "grid-a": "primary"}.get(STUDENTS[name][0], "county")
                     for name in now.names)  # fmt: skip
    assert {one.name: one.subjects for one in beside.by_level} == levels
    assert [(one.name, one.subjects, one.fen) for one in beside.by_month] == [("2026-08", len(now.names), now.fen)]
    assert force is not None
    assert set(force.gained) == {county.persons[name] for name in now.names - old.names}
    assert (force.lost, force.fen, force.more, force.less) == ((), now.fen - old.fen, 0, len(old.names))
    assert force.first_time == len(force.gained)
    assert trial.empty_at == 2_000_000 // NEW["aid"] + 1
    assert beside.empty_on == TODAY


def test_each_number_moved_by_a_step_gives_what_counting_by_hand_gives(draft: ProgrammeVersion, county: Place) -> None:
    now = by_hand(NEW["income_line"], NEW["aid"])
    steps: dict[tuple[str, int], Callable[[], Counted]] = {
        ("income_line", 153_000): lambda: by_hand(153_000, NEW["aid"]),
        ("income_line", 187_000): lambda: by_hand(187_000, NEW["aid"]),
        ("age_least", 15): lambda: by_hand(NEW["income_line"], NEW["aid"], age=15),
        ("age_least", 17): lambda: by_hand(NEW["income_line"], NEW["aid"], age=17),
        ("aid_per_student", 405_000): lambda: by_hand(NEW["income_line"], 405_000),
        ("aid_per_student", 495_000): lambda: by_hand(NEW["income_line"], 495_000),
    }
    found = {(one.code, one.value): one for one in try_out(version=draft).beside.thresholds}
    assert set(found) == set(steps)
    for key, count in steps.items():
        there, one = count(), found[key]
        assert (one.subjects, one.fen, one.more_fen) == (len(there.names), there.fen, there.fen - now.fen), key
        assert (one.gained, one.lost) == (len(there.names - now.names), len(now.names - there.names)), key
    assert found["income_line", 187_000].gained > 0
    assert found["age_least", 17].lost > 0


def test_money_given_once_per_household_adds_up_over_the_towns(county: Place, db: None) -> None:
    """Every household has the sibling of a student in another town's union: two persons, one gift."""
    filed = [name for name, row in STUDENTS.items() if row[5] and row[0] in {"town-a", "county"}][:6]
    for name in filed:
        add_member(
            household_id=county.homes[name], person_id=add_single(county, f"{name}弟", "town-b"), relation="spouse",
            valid_from=date(2026, 1, 1), acting_user=county.user("su"),
        )  # fmt: skip
    trial = try_out(version=drafted(county, "gift", choices={"per": ["household"]}))
    homes = sum(row[5] for row in STUDENTS.values() if row[0] != "far-town")
    assert (trial.subjects, trial.households, trial.fen) == (homes + len(filed), homes, homes * 200_000)
    assert sum(one.fen or 0 for one in trial.beside.by_town) == trial.fen
    assert sum(one.fen or 0 for one in trial.beside.by_level) == trial.fen
    assert sum(one.subjects or 0 for one in trial.beside.by_town) == trial.subjects


def _page(user: User, path: str) -> tuple[int, str]:
    client = Client()
    client.force_login(user)
    answer = client.get(path)
    return answer.status_code, answer.content.decode()


def test_who_may_not_open_the_list_sees_no_figure_of_few_and_moves_no_number(
    county: Place, draft: ProgrammeVersion
) -> None:
    viewer = county.base.officer("kan", "viewer", "county")
    published(county, "gift", choices={"per": ["person"]})
    version = ProgrammeVersion.objects.get(programme__slug__startswith="aid", publication__isnull=False)
    here = f"/desk/programmes/{version.public_id}/trial/"
    steps = [one for one in try_out(version=version).beside.thresholds if 0 < one.gained + one.lost < FEWEST]
    assert steps, "the world has a step that few stand behind"
    status, shown = _page(viewer, here)
    own_status, whole = _page(county.user("su"), here)
    assert (status, own_status) == (200, 200)
    assert shown.count("太少，不显示") >= len(steps)
    assert "太少，不显示" not in whole
    assert "换个数字试试" in whole
    assert "换个数字试试" not in shown
    _status, again = _page(viewer, f"{here}?number_income_line=1000")
    assert again.count("太少，不显示") == shown.count("太少，不显示")
    assert "正文里的数" not in again
    assert _page(viewer, f"{here}people/?against=force&who=gained")[0] in {403, 404}


def test_who_gains_opens_to_the_list_with_everybody_on_it(county: Place, draft: ProgrammeVersion) -> None:
    gained = by_hand(NEW["income_line"], NEW["aid"]).names - by_hand(OLD["income_line"], OLD["aid"]).names
    here = f"/desk/programmes/{draft.public_id}/trial/"
    _status, trial = _page(county.user("su"), here)
    address = "people/?against=force&amp;who=gained"
    assert address in trial
    status, listed = _page(county.user("su"), here + address.replace("&amp;", "&"))
    assert status == 200
    assert listed.count('<tr><th scope="row">') == len(gained)
