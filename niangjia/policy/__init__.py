"""Programmes: recipes adopted as versions, tried, confirmed, published; sweeps and decisions.

It is not for: what happens after a yes (`benefits`). Its main nouns: `Programme`,
`ProgrammeVersion`, `Sweep`, `Decision`. The only room that calls `engines.rules`.
"""
