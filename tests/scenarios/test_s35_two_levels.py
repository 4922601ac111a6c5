"""S35 · 困难职工救助、慰问: relief up to a cap for a household and a year, paid by the city and the level below it."""

from __future__ import annotations

from datetime import date

import pytest

from niangjia.federation.scopes import system_scope
from niangjia.policy import queries as policy
from tests.scenarios import steps
from tests.scenarios.pages import sheet_of
from tests.scenarios.village import Village

PROGRAMME = "困难职工救助和慰问"
NUMBERS = {"number_cap": "3000.01", "number_city_share": "60"}


def _parts(desk_rows: list[tuple[str, str]]) -> list[tuple[int, int, int]]:
    """Of each decision that a row links to: the amount, the city's part and the rest, in fen, as it is stored."""
    found = []
    for _words, href in desk_rows:
        if "/decisions/" in href:
            amounts = policy.explanation(href.split("/")[3], system_scope()).stored["amounts"]
            found.append((amounts["relief"], amounts["city_part"], amounts["local_part"]))
    return sorted(found)


def test_two_levels_pay_and_their_parts_add_to_what_the_households_get(village: Village) -> None:
    """2,000.00 yuan, the cap of 3,000.01, and above it: row by row and over all, city + other level = total."""
    for head, fen in (("向日葵", 200_000), ("金银花", 300_001), ("无患子", 900_000)):
        village.household(head)
        village.take_over_facts("household", head, relief_need=fen)
    village.publish(PROGRAMME, NUMBERS)
    desk = steps.open_list(village.desk(), PROGRAMME)
    assert {row["户主"].split()[0]: row["金额"] for row in desk.page.rows} == {
        "向日葵": "2,000.00元", "金银花": "3,000.01元", "无患子": "3,000.01元",
    }  # fmt: skip
    assert desk.page.figures["金额"].number == "8,000.02元"
    parts = _parts(desk.page.links)
    assert parts == [(200_000, 120_000, 80_000), (300_001, 180_001, 120_000), (300_001, 180_001, 120_000)]
    assert sum(city + other for _all, city, other in parts) == 800_002
    sheet = sheet_of(steps.export(desk))
    assert next(row for row in sheet if "合计" in row)[6] == "8000.02"


@pytest.mark.nightly
def test_a_file_without_a_visit_is_asked_for_the_visit_and_paid_once_a_year(village: Village) -> None:
    """In file, need unknown: one fact short, a visit answers. Paid, the household waits until the next year."""
    village.household("向日葵")
    village.publish(PROGRAMME, NUMBERS)
    desk = steps.open_list(village.desk(), PROGRAMME, "差一项")
    assert "缺入户核定的困难金额 · 1户 · 入户能答" in desk.page.text
    village.know_home("向日葵", "relief_need", "1500", "材料核验")
    assert village.names(PROGRAMME, "待核实") == ["向日葵"]
    village.know_home("向日葵", "relief_need", "1500", "入户")
    frozen = steps.freeze(village.desk(), PROGRAMME)
    steps.give_notice(village.desk(), frozen)
    with steps.later(date(2026, 8, 11)):
        steps.approve(village, frozen)
        steps.hand_out(village.desk(), frozen)
        village.know_home("向日葵", "relief_need", "2500", "入户")
        steps.open_list(desk, PROGRAMME)
        assert (desk.page.tabs["符合未办"], desk.page.tabs["已发放"]) == ("0", "1")
        desk.open("desk_list_freeze", desk.page.address.split("/")[3])
        assert "没有可定稿的人。" in desk.page.text
