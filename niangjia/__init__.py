"""Niangjia: everything a trade-union federation does for its workers, in one house.

The rooms and the floors they stand on are described in `docs/tour.md`; imports only go down.
"""
