"""What is claimed about speed, measured on the machine at hand and told together with that machine.

Each `bench_*.py` here has a sentence as its docstring and a function `measure()` that returns
figures: name to value with its unit.
"""
