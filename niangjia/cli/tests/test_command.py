"""The command line, as somebody with a folder and no site uses it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from niangjia.cli.main import main
from niangjia.policy.tests.recipes import write_shelf

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    """Two good recipes and a broken one."""
    write_shelf(tmp_path)
    return tmp_path


def test_good_folders_have_no_faults(shelf: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--language", "en", "check", str(shelf / "aid"), str(shelf / "gift")]) == 0
    assert capsys.readouterr().out.count("no faults") == 2


def test_a_fault_is_told_with_its_place_and_advice(shelf: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(shelf / "broken")]) == 1
    assert f"{shelf}/broken/rules.yaml:9:40: name-unknown: 没有登记“incme_line”。" in capsys.readouterr().out


def test_what_cannot_be_opened_gets_a_sentence(shelf: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(shelf / "nothing")]) == 2
    (shelf / "not.json").write_text("{}", encoding="utf-8")
    keys = shelf / "keys.json"
    keys.write_text(json.dumps({"chain": "00" * 32}), encoding="utf-8")
    assert main(["replay", str(shelf / "not.json"), "--keys", str(keys)]) == 2
    assert "decision_paper" in capsys.readouterr().err


def test_the_command_never_loads_django(shelf: Path) -> None:
    code = (
        "import sys; from niangjia.cli.main import main; "
        f"main(['check', {str(shelf / 'aid')!r}]); sys.exit('django' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=False).returncode == 0
