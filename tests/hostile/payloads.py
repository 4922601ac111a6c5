"""Texts that try to become part of a query, made the same each time."""

from __future__ import annotations

import itertools
import random

MARKS = ("'", '"', "`", "')", "'))", '")', "\\'", "’", "%27", "1")
TAILS = (
    " OR '1'='1", " OR 1=1", "; DROP TABLE people_person", " UNION SELECT 1,2,3", " AND pg_sleep(3)",
    "; SELECT pg_sleep(3)", " OR randomblob(300000000) IS NULL", "||(SELECT name FROM sqlite_master)", " ORDER BY 99",
    "; PRAGMA writable_schema=1", " HAVING 1=1", " LIMIT 0,1", "::int", " COLLATE nocase", " IN (SELECT 1)",
)  # fmt: skip
ENDS = ("", "--", " -- ", "#", "/*", "\0")
NAMES = (
    "name; --", "data_key", "-data_key", "person__data_key", "id_number", "union__name", "pk); --", "-?", "?", "?id",
    "extra(select)", "name__regex", "__class__", "annotate", "1 DESC", "name,pk", "-name -pk", "name\0", "*", "..",
)  # fmt: skip
PLACES = ("0", "-1", "9" * 30, "1e9", "１２", "0x10", "1;2", "NaN", "٣", " 1 ")


def payloads() -> list[str]:
    """Three hundred, in a mixed order."""
    every = [mark + tail + end for mark, tail, end in itertools.product(MARKS, TAILS, ENDS)]
    dice = random.Random(34)
    found = [*NAMES, *PLACES, *dice.sample(every, 270)]
    dice.shuffle(found)
    return found
