"""`niangjia draw`: what somebody sees who doubts a draw."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from niangjia.cli.main import main
from niangjia.engines.allocation import Draw, Entrant, Seed, write_draw

ROOT = Path(__file__).resolve().parents[3]
OPEN = Draw("疗休养名额", 2, tuple(Entrant(id, 1, 0) for id in "abc"), Seed("双色球第2026091期", date(2026, 8, 11)))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A published draw of three people for two places."""
    path = tmp_path / "draw.json"
    path.write_text(write_draw(OPEN.with_seed("03 07")), encoding="utf-8")
    return path


def test_a_draw_that_agrees_tells_its_winners(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--language", "en", "draw", str(file)]) == 0
    said = capsys.readouterr().out
    winners = OPEN.with_seed("03 07").run().placed
    assert f"1. {winners[0]}\n2. {winners[1]}\nwaiting: 1\n" in said
    assert "seed: 03 07 · 双色球第2026091期 · 2026-08-11" in said
    assert said.endswith("everything agrees\n")
    assert main(["draw", "--quiet", str(file)]) == 0
    assert capsys.readouterr().out == ""


def test_a_winner_who_did_not_win_is_named(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    whole = json.loads(file.read_text(encoding="utf-8"))
    whole["result"]["placed"].reverse()
    file.write_text(json.dumps(whole), encoding="utf-8")
    assert main(["draw", str(file)]) == 1
    first, second = OPEN.with_seed("03 07").run().placed
    assert f"placed: 得名额不一致：第1个文件写{second}，重算是{first}。" in capsys.readouterr().out


def test_before_the_seed_it_says_what_is_certain(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(write_draw(OPEN)))
    assert main(["draw", "-"]) == 0
    said = capsys.readouterr().out
    assert "种子还没有公布: 双色球第2026091期 · 2026-08-11\n待摇号: 3 · 名额: 2\n候补: 0\n" in said


def test_where_the_order_settles_everything_no_draw_is_spoken_of(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(write_draw(replace(OPEN, places=3))))
    assert main(["--language", "en", "draw", "-"]) == 0
    assert "no draw was needed\n1. a\n2. b\n3. c\nwaiting: 0\n" in capsys.readouterr().out


@pytest.mark.parametrize("content", [b"{}", b"\xff\xfe", b"nothing", None])
def test_what_is_no_draw_gets_a_sentence(
    tmp_path: Path, content: bytes | None, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "other.json"
    if content is not None:
        path.write_bytes(content)
    assert main(["draw", str(path)]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert str(path) in said.err
    assert "Traceback" not in said.err


def test_the_verb_never_loads_django(file: Path) -> None:
    run = f"from niangjia.cli.main import main; main(['draw', {str(file)!r}])"
    code = f"import sys; {run}; sys.exit('django' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert "完全一致" in done.stdout
