"""Silence: somebody who stands in no list is a no only where the list was said to be complete."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from niangjia.core import clock
from niangjia.federation.services import audit
from niangjia.people.models import Coverage
from niangjia.people.services.coverage import record_coverage
from niangjia.policy.catalogue import fact_of
from niangjia.policy.models import Decision, ProgrammeVersion, Sweep
from niangjia.policy.readings import gather
from niangjia.policy.services.sweeps import sweep
from niangjia.policy.tests.world import MORNING, Place, add_single, published

FILED = "household.hardship_in_file"


def say(place: Place, union: str, register: str = "hardship", days_ago: int = 0) -> None:
    """The county's officer says that a register is complete."""
    record_coverage(
        register=register, union_id=place.union(union), complete_on=clock.today() - timedelta(days=days_ago),
        source="复核", acting_user=place.user("su"),
    )  # fmt: skip


def forget(place: Place) -> None:
    """Nobody ever said anything of a register."""
    Coverage.objects.all().delete()


def outcomes(place: Place, version: ProgrammeVersion) -> dict[str, int]:
    """Yes, no and unknown of the last sweep."""
    counts = Sweep.objects.filter(version=version).latest("pk").counts
    return {name: counts[name] for name in ("yes", "no", "unknown", "silent")}


def test_where_no_register_was_complete_whoever_is_in_none_is_unknown(place: Place) -> None:
    forget(place)
    version = published(place, "gift")
    assert outcomes(place, version) == {"yes": 2, "no": 0, "unknown": 0, "silent": 4}
    say(place, "town-b")
    audit.advance_feed()
    assert outcomes(place, version) == {"yes": 2, "no": 2, "unknown": 0, "silent": 2}
    assert Sweep.objects.latest("pk").trigger == "feed"


def test_a_register_that_a_rule_does_not_ask_decides_nothing_again(place: Place) -> None:
    published(place, "gift")
    audit.advance_feed()
    before = Sweep.objects.count()
    say(place, "town-b", "visit_list")
    audit.advance_feed()
    assert Sweep.objects.count() == before


def test_who_lives_in_no_registered_household_is_looked_for_in_the_register_of_his_union(place: Place) -> None:
    forget(place)
    say(place, "town-a")
    ids = [add_single(place, "空心菜", "town-a"), add_single(place, "木耳菜", "town-b")]
    known = gather("person", ids, [FILED], clock.today())
    found = known.reading(FILED, ids[0])
    assert found is not None
    assert (found.value, found.on, found.source_en) == (False, clock.today(), "Not in the register's list")
    assert known.reading(FILED, ids[1]) is None
    assert known.column(FILED, ids) == [found, None]


def test_a_statement_that_is_too_old_is_not_believed(place: Place) -> None:
    forget(place)
    say(place, "county", days_ago=367)
    known = gather("household", [place.homes["麦冬冬"]], ["hardship_in_file"], clock.today())
    assert known.readings(place.homes["麦冬冬"]) == {}


def test_that_a_register_is_complete_said_again_writes_no_decision(place: Place) -> None:
    version = published(place, "gift")
    before = Decision.objects.count()
    with clock.frozen(MORNING + timedelta(days=30)):
        say(place, "county")
        sweep(version=version, trigger="hand")
    assert Decision.objects.count() == before


def test_what_a_reader_says_was_recorded_later_was_not_known(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    def hasty(subject: str, code: str) -> Any:
        fact = fact_of(subject, code)
        tomorrow = clock.today() + timedelta(days=1)

        def read(ids: Any, on: Any) -> Any:
            return {pk: replace(row, recorded_on=tomorrow) for pk, row in fact.read(ids, on).items()}

        return replace(fact, read=read)

    pk = place.persons["向日葵"]
    assert gather("person", [pk], ["born_on"], clock.today()).readings(pk) != {}
    monkeypatch.setattr("niangjia.policy.readings.fact_of", hasty)
    assert gather("person", [pk], ["born_on"], clock.today()).readings(pk) == {}
