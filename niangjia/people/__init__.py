"""Who the union serves: persons, households, employers, their dated spells, and facts about them.

It is not for: what a rule makes of a fact (`policy`) or what a person gets (`benefits`). Its main
nouns: `Person`, `Household`, `Employer`, `EmploymentSpell`, `RecordedFact`, `Statement`.
"""
