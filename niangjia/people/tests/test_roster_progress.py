"""What goes in or out in one transaction says how far it is all the same, and nothing of that is left afterwards."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.urls import reverse

from niangjia.people.models import RosterDeed, RosterImport
from niangjia.people.rosters.underway import how_far
from niangjia.people.services import roster_undo, roster_work, rosters
from niangjia.people.tests.tables import MEMBERS, enter, hand_in, take_back, work, workbook
from niangjia.people.tests.test_pages import client_of
from niangjia.people.tests.test_rosters import rows
from niangjia.people.tests.world import World

pytestmark = pytest.mark.one_database


@pytest.fixture(autouse=True)
def _stretches_of_two(monkeypatch: pytest.MonkeyPatch, settings: LazySettings, tmp_path: Path) -> None:
    monkeypatch.setattr(roster_work, "CHUNK", 2)
    settings.HOME = tmp_path


def checked(world: World) -> RosterImport:
    """Five new members."""
    return hand_in(workbook([MEMBERS, *rows(5)]), world.user("su"), world.union("town-a").pk)


class Asking:
    """Asks the page how far it is, each time the worker has done something."""

    def __init__(self, world: World, roster: RosterImport) -> None:
        self._client, self._address = client_of(world, "su"), reverse("roster_file", args=[roster.public_id])
        self.heard: list[str] = []

    def ask(self) -> None:
        """Once more, as the page does by itself."""
        shown = self._client.get(self._address, headers={"HX-Request": "true"}).content.decode()
        self.heard.append("bar" if "<progress max=" in shown else "")
        self.heard[-1] += "".join(part for part in ("共5行", "看看有没有重复") if part in shown)

    def before(self, monkeypatch: pytest.MonkeyPatch, holder: Any, name: str) -> None:
        """Ask whenever this is called."""
        done = getattr(holder, name)

        def ask_and_do(*words: Any, **named: Any) -> Any:
            self.ask()
            return done(*words, **named)

        monkeypatch.setattr(holder, name, ask_and_do)


def test_entering_says_how_many_rows_are_written(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    roster = checked(world)
    asking = Asking(world, roster)
    asking.before(monkeypatch, RosterDeed.objects, "create")
    asking.before(monkeypatch, roster_work, "note_pairs")
    assert enter(roster, world.user("su")).state == "done"
    assert asking.heard == ["bar共5行"] * 3 + ["看看有没有重复"]
    assert how_far(roster.public_id) is None


def test_looking_and_taking_back_say_it_too(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    roster = enter(checked(world), world.user("su"))
    asking = Asking(world, roster)
    asking.before(monkeypatch, roster_undo, "_reasons")
    work(rosters.look_before_undo(public_id=roster.public_id, acting_user=world.user("su")))
    assert asking.heard == ["bar共5行"] * 3
    assert take_back(roster, world.user("su")).state == "undone"
    assert asking.heard == ["bar共5行"] * 6
    assert how_far(roster.public_id) is None


def test_an_entry_that_fails_leaves_no_bar_behind(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    roster = checked(world)

    def fail(*words: object) -> None:
        raise RuntimeError("the power went")

    monkeypatch.setattr(roster_work, "note_pairs", fail)
    assert enter(roster, world.user("su")).fault == "work_failed"
    assert how_far(roster.public_id) is None


def test_a_home_that_cannot_be_written_keeps_no_roster_out(
    world: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """It goes in without a word of how far it is."""
    (tmp_path / "underway").write_text("not a folder", encoding="utf-8")
    roster = checked(world)
    asking = Asking(world, roster)
    asking.before(monkeypatch, RosterDeed.objects, "create")
    assert enter(roster, world.user("su")).state == "done"
    assert asking.heard == [""] * 3
