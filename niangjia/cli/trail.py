"""`niangjia audit verify`: whether an installation's audit chain holds, in words."""

from __future__ import annotations

import argparse
import sqlite3
import sys
from pathlib import Path
from typing import Any

import psycopg

from niangjia.cli import audit
from niangjia.cli.digest import chain_digest
from niangjia.cli.shelf import FAULTS, FINE, Unreadable

_WRONG = {
    "missing": ("缺了一环", "a link is missing"),
    "edited": ("有一行在封存后被改过", "a row was changed after it was sealed"),
    "rewritten": ("与当时记下的链头不符，整条链被重算过", "not the head that was noted: the chain was computed anew"),
    "shorter": ("比当时记下的短，末尾被截掉了", "shorter than a head that was noted: its end was cut off"),
}


def add_parser(verbs: Any) -> None:
    """Make the verb known."""
    trail = verbs.add_parser("audit", help="walk an installation's audit chain without the site").add_subparsers(
        required=True
    )
    verify = trail.add_parser("verify", help="say whether the chain holds, and fits the heads noted earlier")
    verify.add_argument("--database", required=True, help="postgresql://… or a file of SQLite; it is only read")
    verify.add_argument("--keys", type=Path, required=True, help="the installation's key file: digests are keyed")
    verify.add_argument("--heads", type=Path, help="the file that `manage.py audit head --to` has added to")
    verify.set_defaults(verb=run)


def run(options: argparse.Namespace) -> int:
    """Walk the chain and say how far it holds; faults are exit code 1."""
    zh = options.language == "zh"
    try:
        heads = audit.heads_in(options.heads.read_text(encoding="utf-8")) if options.heads else []
        found = audit.walk(options.database, chain_digest(options.keys), heads)
    except ValueError as error:
        raise Unreadable(f"{options.heads}:{error}: not a head, place:digest.") from None
    except (OSError, sqlite3.Error, psycopg.Error) as error:
        raise Unreadable(str(error).strip()) from None
    if found.wrong:
        words = _WRONG[found.wrong][0 if zh else 1]
        sys.stdout.write(
            f"第{found.links + 1}环不对：{words}。之前的{found.links}环完好。\n"
            if zh
            else f"Place {found.links + 1}: {words}. The {found.links} links before it hold.\n"
        )
        return FAULTS
    compared = f"与{len(heads)}个记下的链头相符" if zh else f"they fit {len(heads)} noted heads"
    sys.stdout.write(
        f"{found.links}环全部完好，{compared}。{found.links}:{found.head}\n"
        if zh
        else f"All {found.links} links hold, {compared}. {found.links}:{found.head}\n"
    )
    return FINE
