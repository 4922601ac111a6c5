"""The `niangjia` command: check folders, explain and replay decisions; it never imports Django."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from niangjia.cli.catalogue import catalogue_of
from niangjia.cli.digest import chain_digest
from niangjia.engines import rules
from niangjia.engines.rules.replay import difference

FINE, FAULTS, UNREADABLE = 0, 1, 2
# Sections that rooms of the site check when a folder is adopted; here they only have to be there.
FOREIGN_SECTIONS = ("labels", "notice")
# Columns of a decision's row that repeat what stands in its body.
REPEATED = ("outcome", "if_confirmed", "near_miss", "amount_fen")


class Unreadable(Exception):
    """A file that cannot be used, with the sentence for whom gave it."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one verb; returns 0 when all is in order, 1 for faults found, 2 for a file that cannot be read."""
    options = _parser().parse_args(arguments)
    try:
        return int(options.verb(options))
    except Unreadable as error:
        sys.stderr.write(f"{error}\n")
        return UNREADABLE


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="niangjia", description="Rules without the site.")
    parser.add_argument("--language", choices=("zh", "en"), default="zh", help="language of the answers")
    verbs = parser.add_subparsers(required=True)
    check = verbs.add_parser("check", help="read programme folders and name every fault with its place")
    check.add_argument("folders", nargs="+", type=Path)
    check.set_defaults(verb=_check)
    explain = verbs.add_parser("explain", help="a stored decision in sentences")
    explain.add_argument("file", help="JSON from `manage.py decision_paper`, or - for standard input")
    explain.set_defaults(verb=_explain)
    replay = verbs.add_parser("replay", help="make a stored decision again and name what differs")
    replay.add_argument("file", help="JSON from `manage.py decision_paper`, or - for standard input")
    replay.add_argument("--keys", type=Path, required=True, help="the installation's key file: digests are keyed")
    replay.set_defaults(verb=_replay)
    return parser


def _check(options: argparse.Namespace) -> int:
    result = FINE
    for folder in options.folders:
        try:
            problems = _problems(folder)
        except OSError as error:
            raise Unreadable(f"{folder}: {error.strerror}") from None
        for found in problems:
            message, advice = (
                (found.message_zh, found.advice_zh) if options.language == "zh" else (found.message_en, found.advice_en)
            )
            sys.stdout.write(f"{folder}/{found.file}:{found.line}:{found.column}: {found.code}: {message} {advice}\n")
            result = FAULTS
        if not problems:
            sys.stdout.write(f"{folder}: {'没有问题' if options.language == 'zh' else 'no faults'}\n")
    return result


def _problems(folder: Path) -> tuple[rules.Problem, ...]:
    bundle = rules.read_folder(folder)
    sections = dict.fromkeys(FOREIGN_SECTIONS, lambda _value: ())
    try:
        rules.load(bundle, catalogue_of(bundle), sections)
    except rules.RuleErrors as error:
        return error.problems
    return ()


def _explain(options: argparse.Namespace) -> int:
    paper = _paper(options.file)
    found = rules.explain(paper["decision"], options.language)
    lines = [
        found.headline,
        *(f"[{one.mark}] {one.text} · {one.fact_label}: {one.fact_value_text}" for one in found.sentences),
    ]
    sys.stdout.write("\n".join([*lines, *([found.amount_text] if found.amount_text else [])]) + "\n")
    return FINE


def _replay(options: argparse.Namespace) -> int:
    paper = _paper(options.file)
    stored, row = paper["decision"], paper["row"]
    found = rules.replay(stored, paper["bundle"], digest=chain_digest(options.keys))
    found += [difference("outcome", name) for name in REPEATED if row.get(name) != stored.get(name)]
    if row.get("digest") != stored.get("digests", {}).get("root"):
        found.append(difference("hash", "digest"))
    for one in found:
        sys.stdout.write(f"{one.kind} {one.name}: {one.zh if options.language == 'zh' else one.en}\n")
    if not found:
        sys.stdout.write("完全一致\n" if options.language == "zh" else "everything agrees\n")
    return FAULTS if found else FINE


def _paper(name: str) -> dict[str, Any]:
    try:
        text = sys.stdin.read() if name == "-" else Path(name).read_text(encoding="utf-8")
        paper = json.loads(text)
        if not all(isinstance(paper[part], dict) for part in ("decision", "row", "bundle")):
            raise TypeError
    except OSError as error:
        raise Unreadable(f"{name}: {error.strerror}") from None
    except (ValueError, KeyError, TypeError):
        raise Unreadable(f"{name}: not the JSON of `manage.py decision_paper`.") from None
    return dict(paper)
