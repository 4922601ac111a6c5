"""Backing an installation up into one sealed file, and restoring it elsewhere.

Rows are written in one form for both kinds of database, so that a county that outgrows SQLite
restores its archive into PostgreSQL. Keys are never in the archive: it is sealed with them.
"""
