"""The draw: fixed before the seed, the same for everybody who runs it again, and fair."""

from __future__ import annotations

import contextlib
import io
import json
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

from niangjia.engines.allocation import (
    AllocationError,
    Draw,
    DrawFileInvalid,
    Entrant,
    Seed,
    allocate,
    read_draw,
    recheck,
    ticket,
    write_draw,
)
from niangjia.engines.allocation.tests.laws import Case, cases

PAGE = Path(__file__).resolve().parents[4] / "docs" / "how-to" / "re-run-a-draw.md"
SOURCE = Seed("福利彩票双色球第2026091期", date(2026, 8, 11))
SEED = "03 07 12 19 24 33 + 05"


def _draw(places: int = 4, seed: str = SEED) -> Draw:
    """Twelve people: two of the first group, eight equals of the second, one whose group nobody knows, a holder."""
    entrants = [Entrant("h", 2, 9), Entrant("u", None, 0), Entrant("a", 1, 0), Entrant("b", 1, 0)]
    entrants += [Entrant(f"e{at}", 2, 4) for at in range(8)]
    found = Draw(
        "就业券", places, tuple(Entrant(e.id, e.group, e.rank, e.tie or (0,)) for e in entrants), SOURCE, ("h",)
    )
    return found.with_seed(seed) if seed else found


def _script() -> str:
    """The program that stands on the page."""
    found = re.search(r"^```python\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
    assert found
    return found[1]


def _say(script: str, file: Path) -> list[str]:
    """What a program says of a file."""
    said, argv = io.StringIO(), sys.argv
    sys.argv = ["script", str(file)]
    try:
        with contextlib.redirect_stdout(said):
            exec(compile(script, "page", "exec"), {})
    finally:
        sys.argv = argv
    return said.getvalue().split("\n")[:-1]


def test_the_hash_of_a_list_is_what_it_always_was() -> None:
    # Published hashes must stay true: whoever changes the committed text changes this on purpose.
    assert _draw().list_hash == "645dfef5c44e01985ad19cfeac4c815df35bc760e2d29f5c43a9dc561ee33c32"


def test_the_page_s_own_twenty_lines_give_the_same_winners(tmp_path: Path) -> None:
    draw = _draw().with_declined(["a"])
    file = tmp_path / "draw.json"
    file.write_text(write_draw(draw), encoding="utf-8")
    script = tmp_path / "script.py"
    script.write_text(_script(), encoding="utf-8")
    done = subprocess.run([sys.executable, "-I", str(script), str(file)], capture_output=True, text=True, check=True)
    assert done.stdout.split() == [draw.list_hash, *draw.run().placed]
    assert len(draw.run().placed) == 4
    assert len(_script().splitlines()) <= 20


@given(cases())
def test_the_page_s_lines_agree_with_ours_in_every_case(tmp_path_factory: pytest.TempPathFactory, case: Case) -> None:
    held = tuple(one.id for one in case.shuffled[:1])
    draw = Draw("t", case.places, case.entrants, SOURCE, held).with_seed(case.seed)
    draw = draw.with_declined(one.id for one in case.shuffled[1:3])
    file = tmp_path_factory.getbasetemp() / "case.json"
    file.write_text(write_draw(draw), encoding="utf-8")
    assert _say(_script(), file) == [draw.list_hash, *(draw.run().placed or [""])]
    assert recheck(file.read_text(encoding="utf-8")) == []
    assert read_draw(file.read_text(encoding="utf-8")).run() == draw.run()


@pytest.mark.parametrize("without", ["file['seed']", "list_hash}:"])
def test_control_a_page_that_leaves_out_the_seed_or_the_hash_gives_others(tmp_path: Path, without: str) -> None:
    file = tmp_path / "draw.json"
    file.write_text(write_draw(_draw()), encoding="utf-8")
    wrong = _script().replace("{file['seed']}", "") if "seed" in without else _script().replace("{list_hash}:", "")
    assert wrong != _script()
    assert _say(wrong, file)[1:] != list(_draw().run().placed)


def _of(whole: dict[str, Any], *path: str | int) -> Any:
    for step in path:
        whole = whole[step]  # type: ignore[index]
    return whole


TAMPERED: dict[str, tuple[str, Callable[[dict[str, Any]], None]]] = {
    "a rank after the hash was published": ("hash", lambda f: _of(f, "committed", "entrants", 3).update(rank=0)),
    "one person fewer": ("hash", lambda f: _of(f, "committed", "entrants").pop(2)),
    "another source of the seed": ("hash", lambda f: _of(f, "committed").update(seed_source="another")),
    "one place more": ("hash", lambda f: _of(f, "committed").update(places=5)),
    "another seed": ("placed", lambda f: f.update(seed="1")),
    "a winner changed places with the queue": ("placed", lambda f: _of(f, "result", "placed").reverse()),
    "somebody was taken out quietly": ("placed", lambda f: f.update(declined=[_of(f, "result", "placed", 3)])),
    "the queue reordered": ("waiting", lambda f: _of(f, "result", "waiting").reverse()),
}  # fmt: skip


@pytest.mark.parametrize("how", TAMPERED)
def test_whatever_is_changed_in_the_file_is_named(how: str) -> None:
    code, change = TAMPERED[how]
    whole = json.loads(write_draw(_draw()))
    assert recheck(json.dumps(whole)) == []
    change(whole)
    found = recheck(json.dumps(whole))
    assert found[0].code == code
    assert found[0].zh
    assert found[0].en


BROKEN: dict[str, Callable[[dict[str, Any]], Any]] = {
    "not a draw": lambda f: [],
    "a part missing": lambda f: {key: f[key] for key in f if key != "seed"},
    "a part too many": lambda f: {**f, "more": 1},
    "another format": lambda f: {**f, "committed": {**f["committed"], "format": "other"}},
    "places in words": lambda f: {**f, "committed": {**f["committed"], "places": "four"}},
    "yes as a number": lambda f: {**f, "committed": {**f["committed"], "places": True}},
    "no day": lambda f: {**f, "committed": {**f["committed"], "seed_on": "soon"}},
    "entrants in another order": lambda f: {
        **f, "committed": {**f["committed"], "entrants": f["committed"]["entrants"][::-1]}
    },
    "a rank that is a list": lambda f: {**f, "committed": {**f["committed"], "entrants": [
        {"id": "a", "group": 1, "rank": [], "tie": []}]}},
    "a seed with blanks": lambda f: {**f, "seed": " 1"},
    "no list of who declined": lambda f: {**f, "declined": "a"},
}  # fmt: skip


@pytest.mark.parametrize("how", BROKEN)
def test_what_is_not_a_draw_is_refused_with_the_place(how: str) -> None:
    with pytest.raises(DrawFileInvalid) as refused:
        recheck(json.dumps(BROKEN[how](json.loads(write_draw(_draw())))))
    assert refused.value.zh.startswith("不是摇号文件")


def test_a_text_that_is_no_json_is_refused() -> None:
    with pytest.raises(DrawFileInvalid):
        read_draw("{")


def test_before_the_seed_the_file_says_who_is_in_the_draw() -> None:
    found = _draw(seed="").run()
    assert (found.placed, found.left) == (("h", "a", "b"), 1)
    assert found.drawn == tuple(f"e{at}" for at in range(8))
    assert recheck(write_draw(_draw(seed=""))) == []


def test_a_seed_is_read_as_people_write_it_and_then_stands() -> None:
    draw = _draw(seed="").with_seed("  ０３ 07  12 ")
    assert draw.seed.value == "03 07 12"
    assert draw.with_seed("03 07 12") == draw
    with pytest.raises(AllocationError) as refused:
        draw.with_seed("03 07 13")
    assert refused.value.code == "seed-stands"
    with pytest.raises(AllocationError) as refused:
        _draw(seed="").with_seed(" 　 ")
    assert refused.value.code == "seed-empty"


def test_who_declines_is_followed_by_the_first_of_the_queue() -> None:
    draw = _draw()
    before = draw.run()
    after = draw.with_declined([before.placed[1]]).run()
    assert after.placed == (before.placed[0], *before.placed[2:], before.waiting[0])
    assert after.waiting == before.waiting[1:]


def _wins(draw_lots: Callable[[int], tuple[str, ...]], draws: int) -> Counter[str]:
    return Counter(id for seed in range(draws) for id in draw_lots(seed))


def _is_fair(wins: Counter[str], ids: list[str], draws: int, places: int) -> bool:
    """Whether nobody wins more or less often than chance: within five deviations of the mean."""
    p = places / len(ids)
    deviation = (draws * p * (1 - p)) ** 0.5
    return all(abs(wins[id] - draws * p) < 5 * deviation for id in ids)


def test_nobody_is_lucky_by_his_number() -> None:
    """Of twenty equals ten win; over 400 seeds each wins about 200 times. A draw by the last digit is caught."""
    ids = [f"{at:02d}" for at in range(20)]
    entrants = [Entrant(id) for id in ids]

    def ours(seed: int) -> tuple[str, ...]:
        return allocate(entrants, 10, ticket=lambda id: ticket("00", str(seed), id)).placed

    def wrong(seed: int) -> tuple[str, ...]:
        return allocate(entrants, 10, ticket=lambda id: f"{(int(id) + seed % 3):03d}").placed

    assert _is_fair(_wins(ours, 400), ids, 400, 10)
    assert not _is_fair(_wins(wrong, 400), ids, 400, 10)


def test_many_numbers_from_one_hand_win_no_more_than_their_share() -> None:
    """A thousand honest people and a hundred numbers that run on from one another: 1.05 times their share at most."""
    ids = [f"{at:06x}" for at in range(0, 1_000_000, 1_000)] + [f"bot{at:03d}" for at in range(100)]
    entrants = [Entrant(id) for id in ids]
    wins = _wins(lambda seed: allocate(entrants, 110, ticket=lambda id: ticket("00", str(seed), id)).placed, 60)
    share = sum(wins[id] for id in ids if id.startswith("bot")) / (60 * 110)
    assert share <= 1.05 * 100 / 1_100
