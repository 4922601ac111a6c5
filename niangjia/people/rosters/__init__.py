"""Rosters: the tables of towns, employers and bureaus, judged row by row before anything is written.

A kind of roster is declared (`kinds`): its columns and its parts. `cells` reads a cell, `headings` finds
the columns, `judging` gives each row its verdict against what is stored, `parts` know what a row would
write, `undoing` takes it back. The writers are `people.services.rosters` and `roster_work`.
"""
