"""Each programme's size, counted twice: by plain SQL over the loaded rows, and by the sweep."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection

from niangjia.site.demo.adoptions import STUDY_AID, Adopted, adopt
from tests.demo_stage import DemoCounty

AGED_18_TO_22_AT_UNIVERSITY = """
SELECT p.id AS person_id, m.household_id, stage.value AS stage, letter.value AS letter,
       (SELECT f.value FROM people_recordedfact f WHERE f.subject_kind = 'household' AND f.subject_id = m.household_id
          AND f.code = 'income_per_head' AND f.true_on >= '2025-08-03' ORDER BY f.id DESC LIMIT 1) AS income
FROM people_person p
JOIN people_householdmember m ON m.person_id = p.id
JOIN people_recordedfact stage ON stage.subject_kind = 'person' AND stage.subject_id = p.id
     AND stage.code = 'school_stage' AND stage.value IN ('"university"', '"college"')
LEFT JOIN people_recordedfact letter ON letter.subject_kind = 'person' AND letter.subject_id = p.id
     AND letter.code = 'admission_letter'
WHERE EXISTS (SELECT 1 FROM people_hardshipfile h WHERE h.household_id = m.household_id AND h.exited_on IS NULL)
   OR EXISTS (SELECT 1 FROM people_recordedfact f WHERE f.subject_kind = 'household' AND f.subject_id = m.household_id
              AND f.code = 'migrant_household' AND f.value = 'true')
"""
LINE, NEAR, MOVED = 150_000, 165_000, 200_000


def rows(sql: str, *values: Any) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        names = [column.name if hasattr(column, "name") else column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def number(sql: str, *values: Any) -> int:
    return int(next(iter(rows(sql, *values)[0].values())))


def swept(recipe: str, owner: str = "云禾县总工会") -> dict[str, Any]:
    found = rows(
        "SELECT s.tab, COUNT(*) AS persons, COALESCE(SUM(s.amount_fen), 0) AS fen FROM policy_standing s "
        "JOIN policy_programmeversion v ON v.id = s.version_id JOIN policy_programme p ON p.id = v.programme_id "
        "JOIN federation_union u ON u.id = p.owner_union_id WHERE p.recipe = %s AND u.name = %s GROUP BY s.tab",
        recipe,
        owner,
    )
    return {row["tab"]: (row["persons"], int(row["fen"])) for row in found}


@pytest.fixture
def students(county: DemoCounty) -> list[dict[str, Any]]:
    found = rows(AGED_18_TO_22_AT_UNIVERSITY)
    for row in found:
        row["income"] = None if row["income"] is None else int(row["income"])
    return found


def test_autumn_study_aid_finds_61_households_with_67_students(students: list[dict[str, Any]]) -> None:
    yes = [row for row in students if row["letter"] == "true" and row["income"] is not None and row["income"] <= LINE]
    assert (len(yes), len({row["household_id"] for row in yes})) == (67, 61)
    assert len(yes) * 5_000_00 == 335_000_00
    served = {row["household_id"] for row in rows("SELECT household_id FROM benefits_pastserving")}
    assert len({row["household_id"] for row in yes} - served) == 23


def test_autumn_study_aid_lacks_one_fact_of_19(students: list[dict[str, Any]]) -> None:
    no_letter = [
        row for row in students if row["letter"] is None and row["income"] is not None and row["income"] <= LINE
    ]
    no_income = [row for row in students if row["letter"] == "true" and row["income"] is None]
    assert (len(no_letter), len(no_income)) == (14, 5)
    assert not [row for row in students if row["letter"] is None and row["income"] is None]


def test_autumn_study_aid_is_missed_narrowly_by_11_and_gains_25_when_the_line_moves(
    students: list[dict[str, Any]],
) -> None:
    above = [row["income"] for row in students if row["letter"] == "true" and row["income"] and row["income"] > LINE]
    assert sum(income <= NEAR for income in above) == 11
    assert sum(income <= MOVED for income in above) == 25


def test_38_households_had_study_aid_last_year_and_four_of_them_no_longer_meet_it(
    students: list[dict[str, Any]],
) -> None:
    yes = {r["person_id"] for r in students if r["letter"] == "true" and r["income"] and r["income"] <= LINE}
    served = rows("SELECT subject_id, household_id FROM benefits_pastserving WHERE programme_slug = %s",
                  "henan-autumn-study-aid")  # fmt: skip
    assert len({row["household_id"] for row in served}) == 38
    assert len({row["subject_id"] for row in served} - yes) == 4


IN_FILE = (
    "SELECT {what} FROM people_hardshipfile h JOIN people_householdmember m ON m.household_id = h.household_id "
    "WHERE h.exited_on IS NULL AND EXISTS (SELECT 1 FROM people_employmentspell e WHERE e.person_id = m.person_id)"
)


def test_consolation_costs_208_000_per_worker_and_192_000_per_household(county: DemoCounty) -> None:
    assert number(IN_FILE.format(what="COUNT(DISTINCT m.person_id)")) * 2_000 == 208_000
    assert number(IN_FILE.format(what="COUNT(DISTINCT m.household_id)")) * 2_000 == 192_000
    assert swept("yantai-consolation") == {"yes": (104, 208_000_00)}


ZONE = (
    "SELECT COUNT(*) FROM (SELECT e.person_id, MIN(e.started_on) AS started, "
    "MAX(COALESCE(e.ended_on, '2026-08-03')) AS until "
    "FROM people_employmentspell e JOIN people_employer f ON f.id = e.employer_id AND f.in_zone "
    "WHERE e.started_on >= '2026-01-01' GROUP BY e.person_id) AS chain WHERE started BETWEEN %s AND %s AND until >= %s"
)


def test_early_return_is_due_to_412_and_missed_by_days_by_9(county: DemoCounty) -> None:
    assert number(ZONE, "2026-02-01", "2026-02-28", "2026-05-31") == 412
    assert number(ZONE, "2026-03-01", "2026-03-03", "2026-06-03") == 9
    assert swept("jianghua-early-return-subsidy") == {"yes": (412, 123_600_00), "near": (9, 0)}


def test_study_rooms_are_28_and_none_costs_more_than_10_000(county: DemoCounty) -> None:
    estimates = [
        int(r["value"]) for r in rows("SELECT value FROM people_recordedfact WHERE code = 'study_room_estimate'")
    ]
    assert len(estimates) == 28
    assert max(estimates) <= 10_000_00
    assert 9_860_00 in estimates
    assert swept("xiangshan-study-room") == {"yes": (28, sum(estimates))}


def test_pilots_are_21_for_5_300_000(county: DemoCounty) -> None:
    kinds = rows("SELECT value, COUNT(*) AS n FROM people_recordedfact WHERE code = 'pilot_kind' GROUP BY value")
    found = {row["value"].strip('"'): row["n"] for row in kinds}
    assert {code: found[code] for code in found if code != "none"} == {
        "comprehensive_city": 2, "comprehensive_area": 5, "project": 14
    }  # fmt: skip
    assert swept("inner-mongolia-reform-pilots", "示范省总工会") == {"yes": (21, 5_300_000_00)}
    assert swept("inner-mongolia-reform-pilots") == {"yes": (2, 100_000_00)}


def test_the_second_reimbursement_waits_for_one_slip(county: DemoCounty) -> None:
    bill = {
        row["code"]: int(row["value"])
        for row in rows(
            "SELECT code, value FROM people_recordedfact WHERE subject_kind = 'household' AND subject_id = %s "
            "AND proof = 5 AND code <> 'income_per_head'",
            county.household_id("杜仲山"),
        )
    }
    assert bill.pop("medical_bill") - sum(bill.values()) == 11_300_00
    assert swept("yantai-second-reimbursement")["one_missing"][0] == 1


def test_the_voucher_list_has_195_people_and_artemisia_among_them(county: DemoCounty) -> None:
    recipes = ("fengxian-employment-voucher", "nanqiao-age-band-vouchers")
    assert [swept(recipe) for recipe in recipes] == [{"yes": (195, 0)}] * 2
    found = number(
        "SELECT COUNT(*) FROM policy_standing WHERE subject_id = %s AND tab = 'yes'", county.person_id("艾草青")
    )
    assert found == 2


def test_four_holders_have_a_full_year_and_the_fifth_has_it_on_19_august(county: DemoCounty) -> None:
    firm = county.employer_id("云禾县榴红食品有限公司")
    staff = "SELECT COUNT(*) FROM people_employmentspell WHERE employer_id = %s AND ended_on IS NULL"
    holders = (
        "SELECT COUNT(*) FROM benefits_voucher v JOIN people_employmentspell e ON e.person_id = v.person_id "
        "AND e.employer_id = v.employer_id WHERE v.employer_id = %s AND e.started_on <= %s AND "
        "(e.ended_on IS NULL OR e.ended_on >= %s)"
    )
    assert number(staff, firm) == 46
    assert number(holders, firm, "2025-08-03", "2026-08-03") == 4
    assert number(holders, firm, "2025-08-19", "2026-08-03") == 5
    assert number("SELECT COUNT(*) FROM benefits_voucher WHERE employer_id = %s", firm) == 6
    assert swept("fengxian-employer-plaque") == {"near": (1, 0)}


@pytest.fixture
def study_aid(county: DemoCounty) -> Adopted:
    """S70 as the story's officer adopts it live."""
    users = {user.username: user for user in (county.user("苏木"), county.user("连翘"))}
    return adopt(STUDY_AID, users)


def test_autumn_study_aid_once_published_has_the_sizes_of_the_story(study_aid: Adopted) -> None:
    found = swept("henan-autumn-study-aid")
    assert found["yes"] == (67, 335_000_00)
    assert (found["one_missing"][0], found["near"][0]) == (19, 11)
    asked = rows(
        "SELECT ask, COUNT(*) AS n FROM policy_standing WHERE version_id = %s AND tab = 'one_missing' GROUP BY ask",
        study_aid.id,
    )
    assert {row["ask"]: row["n"] for row in asked} == {"person.admission_letter": 14, "household.income_per_head": 5}


def test_autumn_study_aid_reaches_23_households_for_the_first_time_and_leaves_4(study_aid: Adopted) -> None:
    first = number(
        "SELECT COUNT(DISTINCT household_id) FROM policy_standing WHERE version_id = %s AND tab = 'yes' AND first_time",
        study_aid.id,
    )
    assert first == 23
    assert swept("henan-autumn-study-aid")["no_longer"] == (4, 0)


def test_millet_lacks_only_the_letter(study_aid: Adopted, county: DemoCounty) -> None:
    found = rows("SELECT tab, ask, first_time FROM policy_standing WHERE version_id = %s AND subject_id = %s",
                 study_aid.id, county.person_id("麦冬冬"))  # fmt: skip
    assert [(row["tab"], row["ask"], bool(row["first_time"])) for row in found] == [
        ("one_missing", "person.admission_letter", True)
    ]
