"""The `niangjia` command: rules, people and decisions in files; it never imports Django."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from niangjia.cli import draw, generate, sweep, trail, versions
from niangjia.cli.digest import chain_digest
from niangjia.cli.one import decision_of
from niangjia.cli.shelf import (
    FAULTS,
    FINE,
    OVERFLOW,
    REFUSED,
    UNREADABLE,
    Faulty,
    Unreadable,
    ask_for_facts,
    programme_of,
)
from niangjia.core.whole import OutputRefused
from niangjia.engines import rules
from niangjia.engines.rules.batch.snapshot import SnapshotUnusable
from niangjia.engines.rules.replay import difference

# Columns of a decision's row that repeat what stands in its body.
REPEATED = ("outcome", "if_confirmed", "near_miss", "amount_fen")
EXIT_CODES = """exit codes:
  0  all is in order
  1  faults were found in programmes, or a decision does not agree
  2  a file or an option cannot be used
  3  a number left the 64-bit range: nothing was decided
  4  the output has no place: nothing was written
  130  stopped by the keyboard: nothing was written"""
INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one verb; the exit codes stand in the help."""
    options = _parser().parse_args(arguments)
    try:
        return int(options.verb(options))
    except (Unreadable, SnapshotUnusable) as error:
        return _stop(error, UNREADABLE)
    except Faulty as error:
        return _stop(error, FAULTS)
    except rules.RuleOverflow as error:
        return _stop(error, OVERFLOW)
    except OutputRefused as error:
        return _stop(error, REFUSED)
    except KeyboardInterrupt:
        return INTERRUPTED


def _stop(error: Exception, code: int) -> int:
    sys.stderr.write(f"{error}\n")
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="niangjia",
        description="Rules without the site.",
        epilog=EXIT_CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--language", choices=("zh", "en"), default="zh", help="language of the answers")
    verbs = parser.add_subparsers(required=True)
    check = verbs.add_parser("check", help="read programme folders and name every fault with its place")
    check.add_argument("folders", nargs="+", type=Path)
    check.set_defaults(verb=_check)
    explain = verbs.add_parser("explain", help="a stored decision, or one subject of a folder of facts, in sentences")
    explain.add_argument("file", nargs="?", help="JSON from `manage.py decision_paper`, or - for standard input")
    explain.add_argument("--programme", type=Path, help="without FILE: folder of the programme to ask")
    explain.add_argument("--subject", help="without FILE: the subject_id to ask about")
    ask_for_facts(explain, required=False)
    explain.set_defaults(verb=_explain)
    replay = verbs.add_parser("replay", help="make a stored decision again and name what differs")
    replay.add_argument("file", help="JSON from `manage.py decision_paper`, or - for standard input")
    replay.add_argument("--keys", type=Path, required=True, help="the installation's key file: digests are keyed")
    replay.set_defaults(verb=_replay)
    for verb in (generate, sweep, versions, draw, trail):
        verb.add_parser(verbs)
    return parser


def _check(options: argparse.Namespace) -> int:
    result = FINE
    for folder in options.folders:
        problems = _problems(folder)
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
    try:
        programme_of(folder)
    except rules.RuleErrors as error:
        return error.problems
    return ()


def _explain(options: argparse.Namespace) -> int:
    asked = [options.programme, options.facts, options.today, options.subject]
    if options.file is None and None in asked:
        raise Unreadable("Name a file, or --programme, --facts, --today and --subject.")
    decision = decision_of(options) if options.file is None else _paper(options.file)["decision"]
    found = rules.explain(decision, options.language)
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
