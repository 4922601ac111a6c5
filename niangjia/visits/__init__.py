"""Seeing a household at home: surveys, papers, re-checks, leaving the file, calls back, samples for outsiders.

It is not for: who a household is and what is known of it (`people`), or what it is given (`benefits`). Its main
nouns: `Standard`, `Paper`, `HomeVisit`, `Departure`, `FollowUp`, `Campaign`, `Sample`, `Finding`.
"""
