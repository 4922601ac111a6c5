"""`niangjia generate`: invented people in a folder of facts, as many as a province has."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from niangjia.cli import population
from niangjia.cli.progress import Progress
from niangjia.cli.shelf import FINE
from niangjia.core.whole import whole_folder

PIECE = 500_000
FEWEST, MOST = 1_000, 1_000_000_000
DESCRIPTION = """Invent people with jobs, wages, school, illness and much that is unknown, as Parquet.

The same seed gives the same people, in whatever parts they are made. OUT must not exist; it appears when
everything is there: person/, household/, person.jobs/ (records), employer.parquet and union.parquet."""
ROW_GROUP = 131_072


def add_parser(verbs: Any) -> None:
    """Make the verb known."""
    parser = verbs.add_parser(
        "generate",
        help="invent people for trying things out at full size",
        description=DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--people", type=_people, required=True, help="how many, from 1,000 on")
    parser.add_argument("--seed", type=int, default=1, help="which people (1)")
    parser.add_argument("--out", type=Path, required=True, help="folder to make")
    parser.add_argument("--cores", type=int, default=2, help="how many cores to use (2)")
    parser.add_argument("--quiet", action="store_true", help="no progress on standard error")
    parser.set_defaults(verb=run)


def _people(text: str) -> int:
    count = int(text.replace(",", "").replace("_", ""))
    if not FEWEST <= count <= MOST:
        raise argparse.ArgumentTypeError(f"from {FEWEST:,} to {MOST:,} people")
    return count


def run(options: argparse.Namespace) -> int:
    """Make the folder."""
    with whole_folder(options.out) as folder, connection(options.cores) as duck:
        progress = Progress("person", options.people, quiet=options.quiet)
        for first, last in pieces(options.people):
            people(duck, folder, first, last, options.seed)
            progress.add(last - first)
        progress.end()
        few = {
            "employer": (population.employer_columns(), options.people // population.PEOPLE_PER_EMPLOYER),
            "union": (population.union_columns(), options.people // population.PEOPLE_PER_UNION),
        }
        for subject, (columns, count) in few.items():
            statement = population.select(columns, f"range({count}) AS r(i)", f"printf('{subject[0]}%09d', i)")
            copy(duck, statement, folder / f"{subject}.parquet", options.seed)
    return FINE


def connection(cores: int) -> duckdb.DuckDBPyConnection:
    """A connection that uses so many cores and little memory, and asks no network."""
    return duckdb.connect(
        config={
            "threads": max(1, cores),
            "memory_limit": "2GB",
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
        }
    )


def pieces(count: int) -> list[tuple[int, int]]:
    """The people in pieces that end where a household ends; the last one may cut it."""
    step = PIECE // population.PEOPLE * population.PEOPLE
    return [(first, min(first + step, count)) for first in range(0, count, step)]


def people(duck: duckdb.DuckDBPyConnection, folder: Path, first: int, last: int, seed: int) -> None:
    """Write the people of one piece, their households and their jobs, each as one part of a folder."""
    pattern = population.homes_pattern(seed)
    columns = dict(zip(("home_at", "place", "size"), zip(*pattern, strict=True), strict=True))
    duck.register("pattern", pa.table({"at": list(range(len(pattern))), **columns}))
    numbers = {"seed": seed, "first": first, "last": last}
    duck.execute("CREATE OR REPLACE TEMP TABLE somebody AS " + population.somebody(), numbers)
    part = f"part-{first // (PIECE // population.PEOPLE * population.PEOPLE):05d}.parquet"
    extras = "home_id AS household_id, town, 'county' AS level"
    statement = population.select(population.person_columns(), "somebody ORDER BY i", "id", extras)
    copy(duck, statement, folder / "person" / part, seed)
    homes = "(SELECT DISTINCT home AS i, home_id, town FROM somebody) ORDER BY i"
    statement = population.select(population.home_columns("i"), homes, "home_id", "town, 'county' AS level")
    copy(duck, statement, folder / "household" / part, seed)
    had = f"age BETWEEN 19 AND 58 AND {population.chance('has job', 'i, spell')} < 0.71 - 0.4 * spell"
    jobs = f"somebody CROSS JOIN range(2) AS s(spell) WHERE {had} ORDER BY i, spell"
    copy(duck, population.select(population.job_columns(), jobs, "id"), folder / "person.jobs" / part, seed)


def copy(duck: duckdb.DuckDBPyConnection, statement: str, file: Path, seed: int) -> None:
    """Write the rows of a statement as one Parquet file, in their order."""
    file.parent.mkdir(exist_ok=True)
    place = str(file).replace("'", "''")
    options = f"FORMAT parquet, ROW_GROUP_SIZE {ROW_GROUP}, COMPRESSION zstd"
    duck.execute(f"COPY ({statement.replace('$seed', str(seed))}) TO '{place}' ({options})")
