"""The demo county: an invented county on a fixed day, the same to the row each time it is built.

It is not for: anything a real installation needs. Nobody in it exists; numbers can belong to nobody.
Its main nouns: `World` (everything that is loaded, as plain values), `DemoAccount`.
"""
