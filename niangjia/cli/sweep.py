"""`niangjia sweep`: every programme of a shelf asked about everybody in a folder of facts."""

from __future__ import annotations

import argparse
import json
import sys
from collections import defaultdict
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from niangjia.cli.progress import Progress
from niangjia.cli.shelf import (
    FINE,
    Faulty,
    Unreadable,
    ask_for_facts,
    ask_for_work,
    numbers_of,
    programmes_in,
    snapshot_of,
    still_open,
)
from niangjia.core.whole import whole_folder
from niangjia.engines import rules
from niangjia.engines.rules.batch.passes import Part, Pass, Wanted
from niangjia.engines.rules.batch.plan import Plan
from niangjia.engines.rules.batch.snapshot import Snapshot
from niangjia.engines.rules.batch.totals import Totals
from niangjia.engines.rules.words import money, pick

OUTCOMES = ("yes", "no", "unknown")
DESCRIPTION = """Ask every programme of a shelf about everybody in a folder of facts, in one pass.

OUT must not exist; it appears when everything is done and holds totals.json (yes, no, unknown, money in fen
and each condition, by programme) and, with --rows, rows/PROGRAMME.parquet. Stopped in the middle, it is not
there at all."""


def add_parser(verbs: Any) -> None:
    """Make the verb known."""
    parser = verbs.add_parser(
        "sweep",
        help="ask every programme about everybody in a folder of facts",
        description=DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--programmes", type=Path, required=True, help="folder of programme folders")
    ask_for_facts(parser)
    ask_for_work(parser)
    parser.add_argument("--out", type=Path, required=True, help="folder to make")
    parser.add_argument(
        "--rows", type=outcomes, default={}, help="outcomes whose people are written too: yes, yes,unknown or all"
    )
    parser.add_argument("--no-conditions", action="store_true", help="leave out the counts of each condition")
    parser.add_argument("--skip-open", action="store_true", help="leave out programmes whose numbers are not all set")
    parser.set_defaults(verb=run)


def outcomes(text: str) -> dict[str, bool]:
    """Which outcomes are wanted."""
    names = OUTCOMES if text == "all" else tuple(text.split(","))
    if not set(names) <= set(OUTCOMES):
        raise argparse.ArgumentTypeError(f"{text!r}: write yes, no, unknown, several with commas, or all")
    return dict.fromkeys(names, True)


def run(options: argparse.Namespace) -> int:
    """Do it; everything that could fail early is looked at before the first person."""
    programmes = _ready(options)
    snapshot = snapshot_of(options)
    by_subject: dict[str, dict[str, rules.Programme]] = defaultdict(dict)
    for name, programme in programmes.items():
        by_subject[programme.subject][name] = programme
    missing = sorted(subject for subject in by_subject if not snapshot.has(subject))
    if missing:
        names = ", ".join(f"{one}.parquet" for one in missing)
        raise Unreadable(f"{options.facts}: there is no {names}; programmes of the shelf decide about these.")
    with whole_folder(options.out) as folder:
        found = {
            subject: _sweep(subject, some, snapshot, options, folder) for subject, some in sorted(by_subject.items())
        }
        text = json.dumps(_summary(options, programmes, found), ensure_ascii=False, indent=1)
        (folder / "totals.json").write_text(text + "\n", encoding="utf-8")
    _tell(found, options.language)
    return FINE


def _ready(options: argparse.Namespace) -> dict[str, rules.Programme]:
    found = programmes_in(options.programmes, numbers_of(options.amounts), options.language)
    lacking = {name: one for name, one in found.items() if one.missing_amounts}
    if not lacking:
        return found
    told = still_open(lacking, options.language)
    if not options.skip_open:
        advice = ("请写进一个文件用--amounts给出，或者用--skip-open跳过。",
                  "Set them in a file for --amounts, or leave these out with --skip-open.")  # fmt: skip
        raise Faulty(f"{told}\n{pick(advice, options.language)}")
    sys.stderr.write(f"{told}\n{pick(('以上跳过。', 'These are left out.'), options.language)}\n")
    return {name: one for name, one in found.items() if name not in lacking}


def _sweep(
    subject: str, programmes: dict[str, rules.Programme], snapshot: Snapshot, options: argparse.Namespace, folder: Path
) -> tuple[int, dict[str, Totals]]:
    plan = Plan(programmes, options.today, days=bool(options.rows))
    totals = {name: Totals() for name in programmes}
    progress = Progress(subject, snapshot.rows(subject), quiet=options.quiet)
    with ExitStack() as files:
        writers: dict[str, pq.ParquetWriter] = {}

        def take(part: Part) -> None:
            for name, found in part.totals.items():
                totals[name].add(found)
            for name, table in part.rows.items():
                if name not in writers:
                    (folder / "rows").mkdir(exist_ok=True)
                    path = folder / "rows" / f"{name}.parquet"
                    writers[name] = files.enter_context(pq.ParquetWriter(path, table.schema))
                if table.num_rows:
                    writers[name].write_table(table)
            progress.add(part.subjects)

        readers = {code: snapshot.records(subject, code, schema) for code, (_one, schema) in plan.relations.items()}
        walk = Pass(
            plan,
            {code: reader for code, reader in readers.items() if reader is not None},
            Wanted(conditions=not options.no_conditions, rows=options.rows),
            options.cores,
        )
        walk.run(snapshot.chunks(subject, plan.schema()), take)
    progress.end()
    return progress.done, totals


def _summary(
    options: argparse.Namespace,
    programmes: dict[str, rules.Programme],
    found: dict[str, tuple[int, dict[str, Totals]]],
) -> dict[str, object]:
    told = {
        name: {"subject": subject, "bundle_hash": programmes[name].bundle_hash, **one.to_json()}
        for subject, (_count, totals) in found.items()
        for name, one in totals.items()
    }
    return {
        "today": options.today.isoformat(),
        "subjects": {subject: count for subject, (count, _totals) in found.items()},
        "programmes": dict(sorted(told.items())),
    }


def _tell(found: dict[str, tuple[int, dict[str, Totals]]], language: str) -> None:
    for subject, (count, totals) in found.items():
        sys.stdout.write(f"{subject}: {count:,}\n")
        for name, one in sorted(totals.items()):
            words = pick(
                ("符合{yes:,}，不符合{no:,}，未知{unknown:,}", "yes {yes:,}, no {no:,}, unknown {unknown:,}"), language
            )
            fen = f"; {money(one.fen, language)}" if one.fen else ""
            sys.stdout.write(f"  {name}: {words.format(yes=one.yes, no=one.no, unknown=one.unknown)}{fen}\n")
