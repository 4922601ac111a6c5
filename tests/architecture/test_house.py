"""The habits of the house, held by every file."""

from __future__ import annotations

import pytest
from django.utils import translation

from niangjia.federation.listing.units import UNITS
from tests.architecture import fact_rules, page_rules, python_rules, query_rules
from tests.architecture.sources import Rule, faults, python_files, read

RULES = [
    python_rules.file_is_short,
    python_rules.functions_are_short,
    python_rules.name_says_something,
    python_rules.no_foreign_models,
    python_rules.no_signals,
    python_rules.views_ask_queries,
    python_rules.one_clock,
    python_rules.exact_numbers,
    python_rules.keys_across_rooms,
    python_rules.services_say_who_acts,
    python_rules.public_names_are_told,
    python_rules.annotations_are_late,
    query_rules.queries_are_spelled_out,
    fact_rules.facts_are_read_as_they_stand,
    fact_rules.one_service_withdraws,
]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_every_python_file_keeps_the_habit(rule: Rule) -> None:
    files = python_files()
    assert len(files) > 50, "the files were not found"
    assert faults(rule, files) == []


def test_every_function_that_may_take_names_still_does() -> None:
    found = {where for file in python_files() for where in query_rules.spelled_out_in(file)}
    assert found == set(query_rules.SPELLED_OUT)


def test_every_file_that_may_take_withdrawn_facts_still_does() -> None:
    found = {file.path for file in python_files() if file.path in fact_rules.TAKES_ALL_ROWS}
    assert found == set(fact_rules.TAKES_ALL_ROWS)
    idle = [file.path for file in python_files() if file.path in found and not fact_rules.takes_all_rows(file)]
    assert idle == []


def test_imports_inside_functions_are_one_in_a_thousand_lines() -> None:
    files = [file for file in python_files() if file.room and not file.is_test]
    lines = sum(len(file.text.splitlines()) for file in files)
    found = faults(python_rules.function_level_imports, files)
    assert len(found) <= lines // 1_000, found


def test_templates_are_plain() -> None:
    files = list(read("niangjia/*/templates/**/*.html"))
    assert files
    assert faults(page_rules.template_is_plain, files) == []


def test_every_count_on_a_page_has_its_unit() -> None:
    files = list(read("niangjia/*/templates/**/*.html"))
    assert files
    assert faults(query_rules.counts_have_units, files) == []


def test_every_count_has_a_singular_and_a_plural_in_english() -> None:
    files = [*read("niangjia/*/templates/**/*.html"), *read("niangjia/**/*.py")]
    assert faults(query_rules.counts_have_plurals, files) == []
    for code, words in UNITS.items():
        with translation.override("en"):
            one, two = (str(words % {"number": number, "shown": number}) for number in (1, 2))
        assert (one.startswith("1 "), two) == (True, f"{one.replace('1', '2')}s".replace("batchs", "batches")), code


def test_every_count_on_a_page_opens_its_list_or_says_why_not() -> None:
    files = list(read("niangjia/*/templates/**/*.html"))
    assert {file.path for file in files} >= set(query_rules.COUNTS_WITHOUT_A_LIST), "a reason without its template"
    assert faults(query_rules.counts_open_their_list, files) == []


def test_every_count_made_in_code_opens_its_list_or_says_why_not() -> None:
    files = list(read("niangjia/**/*.py"))
    assert {file.path for file in files} >= set(query_rules.COUNTS_IN_CODE), "a reason without its file"
    assert faults(query_rules.counts_in_code_open_their_list, files) == []


def test_style_sheets_stay_on_the_floor() -> None:
    files = list(read("niangjia/*/static/**/*.css"))
    assert files
    assert faults(page_rules.css_stays_on_the_floor, files) == []


def test_every_room_says_what_it_is_for() -> None:
    rooms = list(read("niangjia/*/__init__.py"))
    assert len(rooms) >= 9
    for room in rooms:
        first = room.text.splitlines()[0] if room.text else ""
        assert first.startswith('"""'), f"{room.path} does not say what the room is for"
