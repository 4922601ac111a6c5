"""`niangjia draw FILE`: run a published draw again and say whether it is what it claims to be."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from niangjia.cli.shelf import FAULTS, FINE, UNREADABLE
from niangjia.engines import allocation


def add_parser(verbs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Make the verb known."""
    parser = verbs.add_parser(
        "draw",
        help="run a published draw again and check it",
        description="Runs a published draw again from its file alone: the hash of the list, the order, the places. "
        "Ends with 0 when everything agrees, 1 when something differs, 2 for a file that is not a draw.",
    )
    parser.add_argument("file", help="the published file, or - for standard input")
    parser.add_argument("--quiet", action="store_true", help="say nothing when everything agrees")
    parser.set_defaults(verb=run)


def run(options: argparse.Namespace) -> int:
    """Check one file; findings and places go to standard output, what cannot be read to standard error."""
    zh = options.language == "zh"
    try:
        text = sys.stdin.read() if options.file == "-" else Path(options.file).read_text(encoding="utf-8")
        found, draw = allocation.recheck(text), allocation.read_draw(text)
    except OSError as error:
        sys.stderr.write(f"{options.file}: {error.strerror}\n")
        return UNREADABLE
    except UnicodeDecodeError:
        sys.stderr.write(f"{options.file}: {'不是UTF-8文本。' if zh else 'not a text in UTF-8.'}\n")
        return UNREADABLE
    except allocation.AllocationError as error:
        sys.stderr.write(f"{options.file}: {error.zh if zh else error.en}\n")
        return UNREADABLE
    for one in found:
        sys.stdout.write(f"{one.code}: {one.zh if zh else one.en}\n")
    if not found and not options.quiet:
        sys.stdout.write("\n".join(_told(draw, zh=zh)) + "\n")
    return FAULTS if found else FINE


def _told(draw: allocation.Draw, *, zh: bool) -> list[str]:
    result, seed = draw.run(), draw.seed
    lines = [draw.title, f"{'名单哈希' if zh else 'hash of the list'}: {draw.list_hash}"]
    where = f"{seed.source} · {seed.on}"
    if seed.value:
        lines.append(f"{'种子' if zh else 'seed'}: {seed.value} · {where}")
    elif result.drawn:
        lines.append(f"{'种子还没有公布' if zh else 'seed not out yet'}: {where}")
    else:
        lines.append("按顺序已经分清，不用摇号" if zh else "the order settles every place: no draw was needed")
    lines += [f"{at}. {id}" for at, id in enumerate(result.placed, start=1)]
    if result.drawn:
        names = ("待摇号", "名额") if zh else ("in the draw", "places")
        lines.append(f"{names[0]}: {len(result.drawn)} · {names[1]}: {result.left}")
    counts = {"候补" if zh else "waiting": result.waiting, "待核实" if zh else "unknown": result.unknown}
    lines += [f"{name}: {len(ids)}" for name, ids in counts.items()]
    return [*lines, "完全一致" if zh else "everything agrees"]
