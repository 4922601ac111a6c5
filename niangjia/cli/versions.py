"""`niangjia simulate` and `niangjia diff`: what a version would do, and change, over a folder of facts."""

from __future__ import annotations

import argparse
import datetime as dt
import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pyarrow.dataset as ds
import pyarrow.parquet as pq

from niangjia.cli.progress import Progress
from niangjia.cli.shelf import FINE, Faulty, Unreadable, ask_for_facts, ask_for_work, ready_version, snapshot_of
from niangjia.core.whole import whole_folder
from niangjia.engines.rules.batch import compare
from niangjia.engines.rules.batch.compare import AFTER, BEFORE, Cell, Side
from niangjia.engines.rules.batch.passes import Part, Pass, Wanted
from niangjia.engines.rules.batch.plan import Plan
from niangjia.engines.rules.batch.snapshot import Snapshot
from niangjia.engines.rules.batch.totals import Totals
from niangjia.engines.rules.words import money

SPOOL_FILE = "people.parquet"
WORDS = {
    "zh": {
        BEFORE: "原来：符合{subjects:,}，{money}",
        AFTER: "现在：符合{subjects:,}，{money}",
        "homes": "，{households:,}户",
        "empty": "；{day}资金用完",
        "change": "新增{gain:,}，退出{lose:,}，增加金额{more:,}，减少金额{less:,}",
        "first": "；其中第一次享受{first:,}",
        "moved": "{code}改为{value}：符合{subjects:,}，{money}",
    },
    "en": {
        BEFORE: "before: {subjects:,} yes, {money}",
        AFTER: "after: {subjects:,} yes, {money}",
        "homes": ", {households:,} households",
        "empty": "; the fund is empty on {day}",
        "change": "gain {gain:,}, lose {lose:,}, more money {more:,}, less money {less:,}",
        "first": "; {first:,} of those who gain for the first time",
        "moved": "{code} = {value}: {subjects:,} yes, {money}",
    },
}
WHAT = """OUT must not exist; it appears when everything is done and holds result.json: people, households, money
by month, town and level as far as the facts have the columns household_id, town, level and received_before; the
day the fund is empty; and what follows when each number of the conditions is moved. Cells of fewer than 5 people
are hidden. With --people, people.parquet has everybody who is a yes."""


def add_parser(verbs: Any) -> None:
    """Make both verbs known."""
    simulate = _verb(verbs, "simulate", "what a version would do", "Ask one programme about everybody and add it up.")
    simulate.add_argument("--programme", type=Path, required=True, dest="after", help="folder of the programme")
    simulate.set_defaults(verb=run, before=None)
    diff = _verb(verbs, "diff", "what changes between two versions", "Ask two versions about the same people.")
    diff.add_argument("--before", type=Path, required=True, help="folder of the version in force")
    diff.add_argument("--after", type=Path, required=True, help="folder of the new version")
    diff.set_defaults(verb=run)


def _verb(verbs: Any, name: str, line: str, sentence: str) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = verbs.add_parser(
        name,
        help=line,
        description=f"{sentence}\n\n{WHAT}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    ask_for_facts(parser)
    ask_for_work(parser)
    parser.add_argument("--fund-fen", type=int, help="money of the fund in fen, for the day it is empty")
    parser.add_argument("--people", action="store_true", help="also write who is a yes, with money and day")
    parser.add_argument("--out", type=Path, required=True, help="folder to make")
    return parser


def run(options: argparse.Namespace) -> int:
    """Do it: one pass for both versions and every moved number."""
    after = ready_version(options.after, options.amounts, options.language)
    versions = (
        {AFTER: after}
        if options.before is None
        else {BEFORE: ready_version(options.before, options.amounts, options.language), AFTER: after}
    )
    if len({one.subject for one in versions.values()}) > 1:
        raise Faulty("The two versions decide about different kinds of subject; they cannot be compared.")
    snapshot = snapshot_of(options)
    if not snapshot.has(after.subject):
        raise Unreadable(f"{options.facts}: there is no {after.subject}.parquet.")
    moved = compare.moved(after)
    variants = {key: one for key, (_code, _value, one) in moved.items()}
    with whole_folder(options.out) as folder:
        totals = _pass(Plan({**versions, **variants}, options.today), snapshot, after.subject, folder, options)
        found = compare.summary(ds.dataset(folder / SPOOL_FILE), options.fund_fen)
        if not options.people:
            (folder / SPOOL_FILE).unlink()
        thresholds: list[dict[str, object]] = [
            {"code": code, "value": value, "subjects": totals[key].yes, "fen": totals[key].fen}
            for key, (code, value, _one) in moved.items()
        ]
        result = _plain(found, totals, thresholds, options)
        text = json.dumps(result, ensure_ascii=False, indent=1, default=_shown)
        (folder / "result.json").write_text(text + "\n", encoding="utf-8")
    _tell(found, thresholds, options)
    return FINE


def _pass(plan: Plan, snapshot: Snapshot, subject: str, folder: Path, options: argparse.Namespace) -> dict[str, Totals]:
    totals = {name: Totals() for name in plan.programmes}
    progress = Progress(subject, snapshot.rows(subject), quiet=options.quiet)
    with pq.ParquetWriter(folder / SPOOL_FILE, compare.spool_schema()) as spool:

        def take(part: Part) -> None:
            for name, found in part.totals.items():
                totals[name].add(found)
            if part.looked is not None and part.looked.num_rows:
                spool.write_table(part.looked)
            progress.add(part.subjects)

        readers = {code: snapshot.records(subject, code, schema) for code, (_one, schema) in plan.relations.items()}
        known = {code: reader for code, reader in readers.items() if reader is not None}
        walk = Pass(plan, known, Wanted(look=compare.look), options.cores)
        walk.run(snapshot.chunks(subject, plan.schema(), compare.EXTRAS), take)
    progress.end()
    return totals


def _plain(
    found: dict[str, Any], totals: dict[str, Totals], thresholds: list[dict[str, object]], options: argparse.Namespace
) -> dict[str, object]:
    versions = (AFTER,) if options.before is None else (BEFORE, AFTER)
    told: dict[str, object] = {"today": options.today, "fund_fen": options.fund_fen}
    for which in versions:
        told[which] = {**asdict(found[which]), "answers": totals[which].to_json()}
    if BEFORE in versions:
        told["change"] = asdict(found["change"])
    for name in ("by_month", "by_town", "by_level"):
        told[name] = [_cell(cell, versions) for cell in found[name]]
    return {**told, "thresholds": thresholds}


def _cell(cell: Cell, versions: tuple[str, ...]) -> dict[str, object]:
    own = {f"{what}_{which}" for what in ("subjects", "households", "fen") for which in versions}
    return {"name": cell.name, **{name: value for name, value in asdict(cell).items() if name in own}}


def _shown(value: object) -> str:
    if isinstance(value, dt.date):
        return value.isoformat()
    raise TypeError(f"{value!r} has no place in JSON")


def _tell(found: dict[str, Any], thresholds: list[dict[str, object]], options: argparse.Namespace) -> None:
    words = WORDS[options.language]
    lines = []
    for which in (AFTER,) if options.before is None else (BEFORE, AFTER):
        side: Side = found[which]
        line = words[which].format(subjects=side.subjects, money=money(side.fen, options.language))
        homes = "" if side.households is None else words["homes"].format(households=side.households)
        empty = "" if side.fund_empty_on is None else words["empty"].format(day=side.fund_empty_on)
        lines.append(f"{line}{homes}{empty}")
    if options.before is not None:
        change = found["change"]
        first = "" if change.first_time is None else words["first"].format(first=change.first_time)
        lines.append(words["change"].format(**vars(change)) + first)
    for one in thresholds:
        fen = money(int(str(one["fen"])), options.language)
        lines.append(words["moved"].format(code=one["code"], value=one["value"], subjects=one["subjects"], money=fen))
    sys.stdout.write("\n".join(lines) + "\n")
