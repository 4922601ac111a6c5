"""Millions of people, all programmes in one pass.

What programmes ask is split into distinct questions (same expression, same proof, same numbers in
force); each is answered once for a chunk of some thousands of people, by Arrow's three-valued
kernels where they can, by DuckDB where they cannot. The answers are those of `sweep_duckdb`, which
asks one programme at a time.

Not here: one person with reasons (`compile_python`), and where the files come from.
"""
