"""Programme folders and facts as the command line takes them: read, judged, and ready for a pass."""

from __future__ import annotations

import argparse
import datetime as dt
from collections.abc import Mapping
from pathlib import Path

import yaml

from niangjia.cli.catalogue import catalogue_of
from niangjia.engines import rules
from niangjia.engines.rules.batch.sealed import KeyUnreadable, read_key
from niangjia.engines.rules.batch.snapshot import Snapshot
from niangjia.engines.rules.words import ZH, pick

# Sections that rooms of the site check when a folder is adopted; here they only have to be there.
FOREIGN_SECTIONS = ("labels", "notice", "places")
FINE, FAULTS, UNREADABLE, OVERFLOW, REFUSED = 0, 1, 2, 3, 4


class Unreadable(Exception):
    """A file that cannot be used, with the sentence for whom gave it."""


class Faulty(Exception):
    """Programmes that cannot be asked yet, one sentence a line."""


def programme_of(folder: Path) -> rules.Programme:
    """The programme of a folder; a folder with faults raises `RuleErrors`, an absent one `Unreadable`."""
    try:
        bundle = rules.read_folder(folder)
    except OSError as error:
        raise Unreadable(f"{folder}: {error.strerror}") from None
    sections = dict.fromkeys(FOREIGN_SECTIONS, lambda _value: ())
    return rules.load(bundle, catalogue_of(bundle), sections)


def programmes_in(
    shelf: Path, numbers: Mapping[str, Mapping[str, object]], language: str = ZH
) -> dict[str, rules.Programme]:
    """Every programme folder in a folder, with the numbers given for those that are open."""
    try:
        folders = sorted(path.parent for path in shelf.glob("*/programme.yaml"))
    except OSError as error:
        raise Unreadable(f"{shelf}: {error.strerror}") from None
    if not folders:
        raise Unreadable(f"{shelf}: there is no folder with a programme.yaml in it.")
    found, faults = {}, []
    for folder in folders:
        try:
            found[folder.name] = with_numbers(programme_of(folder), numbers.get(folder.name, {}))
        except rules.RuleErrors as error:
            faults += fault_lines(folder, error, language)
        except KeyError as error:
            faults.append(_no_number(folder, error, language))
    if faults:
        raise Faulty("\n".join(faults))
    return found


def with_numbers(programme: rules.Programme, values: Mapping[str, object]) -> rules.Programme:
    """The programme with these numbers, to see what would follow; an unknown name raises KeyError."""
    for code in values:
        programme.amounts[code]
    return rules.with_amounts(programme, values)  # type: ignore[arg-type]


def numbers_of(file: Path | None) -> dict[str, dict[str, object]]:
    """The numbers of a YAML file: folder, then code, then value; money in fen."""
    if file is None:
        return {}
    try:
        found = yaml.safe_load(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise Unreadable(f"{file}: {error.strerror}") from None
    except yaml.YAMLError as error:
        raise Unreadable(f"{file}: {error}") from None
    if not isinstance(found, dict) or not all(isinstance(one, dict) for one in found.values()):
        raise Unreadable(f"{file}: needs folder names, and under each the codes with their numbers.")
    return found


def ready_version(folder: Path, amounts: Path | None, language: str) -> rules.Programme:
    """The programme of a folder with every number set; otherwise `Faulty` names what is wrong."""
    try:
        found = with_numbers(programme_of(folder), numbers_of(amounts).get(folder.name, {}))
    except rules.RuleErrors as error:
        raise Faulty("\n".join(fault_lines(folder, error, language))) from None
    except KeyError as error:
        raise Faulty(_no_number(folder, error, language)) from None
    if found.missing_amounts:
        raise Faulty(still_open({folder.name: found}, language))
    return found


def fault_lines(folder: Path, error: rules.RuleErrors, language: str) -> list[str]:
    """Every fault of a folder with its place."""
    return [
        f"{folder}/{one.file}:{one.line}:{one.column}: {pick((one.message_zh, one.message_en), language)}"
        for one in error.problems
    ]


def still_open(programmes: Mapping[str, rules.Programme], language: str) -> str:
    """Which numbers nobody has set yet, a line for each programme."""
    words = pick(("还没有定", "not set yet"), language)
    return "\n".join(f"{name}: {words}: {', '.join(one.missing_amounts)}" for name, one in sorted(programmes.items()))


def _no_number(folder: Path, error: KeyError, language: str) -> str:
    words = pick(("amounts.yaml里没有这个数字", "there is no such number in amounts.yaml"), language)
    return f"{folder.name}: {words}: {error.args[0]}"


def day(text: str) -> dt.date:
    """A date as YYYY-MM-DD."""
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a date like 2026-08-03") from None


def ask_for_facts(parser: argparse.ArgumentParser, *, required: bool = True) -> None:
    """The options by which every verb over a folder of facts finds and reads it."""
    parser.add_argument("--facts", type=Path, required=required, help="folder with person.parquet (or .csv) and so on")
    parser.add_argument("--today", type=day, required=required, help="the day to decide on, as 2026-08-03")
    parser.add_argument(
        "--proof",
        choices=tuple(rules.PROOFS),
        help="how values without a proof column of their own count as proved (without this: not at all)",
    )
    parser.add_argument("--key", type=Path, help="the key file of a sealed snapshot (`manage.py snapshot`)")
    parser.add_argument("--amounts", type=Path, help="YAML with the numbers that folders leave open")


def ask_for_work(parser: argparse.ArgumentParser) -> None:
    """The options that every verb over many people has."""
    parser.add_argument("--cores", type=int, default=2, help="how many cores to use (2)")
    parser.add_argument("--quiet", action="store_true", help="no progress on standard error")


def snapshot_of(options: argparse.Namespace) -> Snapshot:
    """The facts that the options name."""
    if not options.facts.is_dir():
        raise Unreadable(f"{options.facts}: there is no such folder.")
    proof = rules.PROOFS[options.proof] if options.proof else 0
    try:
        key = None if options.key is None else read_key(options.key)
    except KeyUnreadable as error:
        raise Unreadable(str(error)) from None
    return Snapshot(options.facts, proof, options.today, key)
