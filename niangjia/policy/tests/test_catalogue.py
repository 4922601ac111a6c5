"""The facts as the rules and the command line see them."""

from __future__ import annotations

from niangjia.core.facts import facts
from niangjia.policy.catalogue import catalogue_for, fact_of, full_code
from niangjia.policy.management.commands.facts import FILE, catalogue_text


def test_the_written_facts_are_those_registered() -> None:
    assert FILE.read_text(encoding="utf-8") == catalogue_text(), "run: python manage.py facts"


def test_a_rule_about_persons_may_ask_about_their_household_and_not_the_other_way_round() -> None:
    persons = {fact.code for fact in catalogue_for("person").facts}
    households = {fact.code for fact in catalogue_for("household").facts}
    assert {"admission_letter", "household.income_per_head"} <= persons
    assert "income_per_head" in households
    assert not any(code.startswith("person.") or code == "admission_letter" for code in households)


def test_a_code_of_a_rule_leads_to_the_registered_fact() -> None:
    assert fact_of("person", "household.income_per_head") is facts.get("household.income_per_head")
    assert fact_of("household", "income_per_head") is facts.get("household.income_per_head")
    assert full_code("person", "admission_letter") == "person.admission_letter"
    assert full_code("person", "household.income_per_head") == "household.income_per_head"
