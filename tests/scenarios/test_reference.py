from __future__ import annotations

from tests.scenarios import reference


def test_the_page_of_systems_is_what_the_scenarios_say() -> None:
    assert reference.PAGE.read_text(encoding="utf-8") == reference.page(), "run: python -m tests.scenarios.reference"


def test_every_scenario_has_a_title_and_at_least_one_check() -> None:
    for scenario in reference.scenarios():
        assert scenario.title.startswith(scenario.system), scenario.file
        assert scenario.checks, scenario.file
