from __future__ import annotations

import json
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from hypothesis import given, strategies as st

from niangjia.core import crypto


@given(st.text(max_size=200), st.text(max_size=30))
def test_what_is_sealed_opens_at_its_place(plain: str, place: str) -> None:
    assert crypto.unseal(crypto.seal(plain, bound_to=place), bound_to=place) == plain


def test_the_same_text_is_sealed_differently_each_time() -> None:
    assert crypto.seal("13800000000", bound_to="a") != crypto.seal("13800000000", bound_to="a")


def test_a_sealed_text_does_not_open_at_another_place() -> None:
    with pytest.raises(crypto.Unreadable):
        crypto.unseal(crypto.seal("secret", bound_to="person.phone"), bound_to="person.identity")


def test_every_changed_character_of_a_token_is_noticed() -> None:
    token = crypto.seal("secret", bound_to="a")
    for place in range(len(token)):
        for other in "A-!:":
            changed = token[:place] + other + token[place + 1 :]
            if changed != token:
                with pytest.raises(crypto.Unreadable):
                    crypto.unseal(changed, bound_to="a")


@pytest.mark.parametrize(
    "token", ["", "k1", "k1:", "k9:AAAA", "index:" + "A" * 60, "chain:" + "A" * 60, "p:AAAA", "汉:汉"]
)
def test_what_is_no_token_is_unreadable(token: str) -> None:
    with pytest.raises(crypto.Unreadable):
        crypto.unseal(token, bound_to="a")


def test_a_personal_key_alone_opens_what_it_sealed() -> None:
    key, other = crypto.new_key(), crypto.new_key()
    token = crypto.seal("secret", bound_to="a", key=key)
    assert crypto.unseal(token, bound_to="a", key=key) == "secret"
    for wrong in (other, None):
        with pytest.raises(crypto.Unreadable):
            crypto.unseal(token, bound_to="a", key=wrong)


def test_the_keyed_index_is_the_same_for_equal_texts_and_parts_purposes() -> None:
    assert crypto.keyed_index("phone", "138") == crypto.keyed_index("phone", "138")
    assert crypto.keyed_index("phone", "138") != crypto.keyed_index("identity", "138")
    assert crypto.keyed_index("phone", "138") != crypto.keyed_index("phone1", "38")
    assert crypto.chain_digest("138") != crypto.keyed_index("", "138")


@pytest.fixture
def key_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(settings, "KEY_FILE", str(tmp_path / "deep" / "keys.json"))
    return tmp_path / "deep" / "keys.json"


def test_the_key_file_is_for_its_owner_only(key_file: Path) -> None:
    crypto.seal("a", bound_to="a")
    assert stat.S_IMODE(key_file.stat().st_mode) == 0o600
    assert [path.name for path in key_file.parent.iterdir()] == ["keys.json"]


def test_a_newer_key_seals_and_older_tokens_still_open(key_file: Path) -> None:
    old = crypto.seal("old", bound_to="a")
    keys = json.loads(key_file.read_text())
    key_file.write_text(json.dumps({**keys, "k10": "0" * 32, "k2": "1" * 32}))
    crypto._keys_in.cache_clear()
    assert crypto.seal("new", bound_to="a").startswith("k10:")
    assert crypto.unseal(old, bound_to="a") == "old"
    crypto._keys_in.cache_clear()


def test_another_installations_key_opens_nothing(key_file: Path) -> None:
    token = crypto.seal("a", bound_to="a")
    crypto._keys_in.cache_clear()
    key_file.unlink()
    with pytest.raises(crypto.Unreadable):
        crypto.unseal(token, bound_to="a")


def test_processes_that_start_together_agree_on_one_key_file(key_file: Path) -> None:
    code = "import sys, pathlib, niangjia.core.crypto as c; print(c._read_keys(pathlib.Path(sys.argv[1])))"
    command = [sys.executable, "-c", code, str(key_file)]
    starts = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(4)]
    answers = {start.communicate(timeout=60)[0] for start in starts}
    assert len(answers) == 1
    assert "k1" in answers.pop()
