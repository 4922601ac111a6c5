"""Who is at the keyboard: the user model, logging in by phone code or password, sessions, step-up.

It is not for: what a user may do (that is a grant, in `federation`) or who a user is in the
registry (that is a person, in `people`). Its main noun: `User`.
"""
