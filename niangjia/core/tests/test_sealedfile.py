from __future__ import annotations

import io
from collections.abc import Iterator

import pytest
from hypothesis import given, strategies as st

from niangjia.core import crypto, sealedfile
from niangjia.core.sealedfile import OtherKeys, SealedReader, SealedWriter

BLOCK = 16


@pytest.fixture(autouse=True, scope="module")
def _small_blocks() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sealedfile, "BLOCK_BYTES", BLOCK)
        yield


def sealed(plain: bytes) -> bytes:
    beneath = io.BytesIO()
    writer = SealedWriter(beneath)
    writer.write(plain)
    writer.finish()
    return beneath.getvalue()


def opened(content: bytes) -> bytes:
    return io.BufferedReader(SealedReader(io.BytesIO(content))).read()


def blocks(content: bytes) -> tuple[bytes, list[bytes]]:
    """Head of a sealed file, and its blocks with their lengths before them."""
    start = content.index(b"\n", len(sealedfile.MAGIC)) + 1
    head, rest, found = content[:start], content[start:], []
    while rest:
        size = 4 + int.from_bytes(rest[:4], "big")
        found.append(rest[:size])
        rest = rest[size:]
    return head, found


@given(st.binary(max_size=5 * BLOCK))
def test_what_was_written_is_read(plain: bytes) -> None:
    assert opened(sealed(plain)) == plain


def test_pieces_of_any_size_make_the_same_text() -> None:
    beneath = io.BytesIO()
    writer = SealedWriter(beneath)
    for size in (0, 1, BLOCK, 3 * BLOCK + 1):
        writer.write(b"x" * size)
    writer.finish()
    assert opened(beneath.getvalue()) == b"x" * (4 * BLOCK + 2)


def test_every_flipped_bit_is_found() -> None:
    whole = sealed(b"a plant " * 8)
    for place in range(len(whole)):
        for bit in (1, 128):
            changed = bytearray(whole)
            changed[place] ^= bit
            with pytest.raises(crypto.Unreadable):
                opened(bytes(changed))


def test_every_shortened_file_is_found() -> None:
    whole = sealed(b"a plant " * 8)
    for length in range(len(whole)):
        with pytest.raises(crypto.Unreadable):
            opened(whole[:length])


def test_blocks_do_not_change_places_and_none_is_left_out_or_added() -> None:
    whole = sealed(b"a" * BLOCK + b"b" * BLOCK + b"c" * BLOCK)
    head, (one, two, three) = blocks(whole)
    assert head + one + two + three == whole
    other_head, others = blocks(sealed(b"d" * BLOCK))
    for wrong in ((two, one, three), (one, three), (one, two), (one, two, three, three), (one, two, *others)):
        with pytest.raises(crypto.Unreadable):
            opened(head + b"".join(wrong))
    with pytest.raises(crypto.Unreadable):
        opened(other_head + one + two + three)


def test_without_the_place_in_the_seal_a_swap_would_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: the test above can fail."""
    monkeypatch.setattr(sealedfile, "_place", lambda header, number, last: b"")
    head, (one, two, three) = blocks(sealed(b"a" * BLOCK + b"b" * BLOCK + b"c" * BLOCK))
    assert opened(head + two + one + three) == b"b" * BLOCK + b"a" * BLOCK + b"c" * BLOCK
    assert opened(head + one + two) == b"a" * BLOCK + b"b" * BLOCK


def test_a_file_sealed_with_other_keys_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = sealed(b"a plant")
    monkeypatch.setattr(crypto, "keys_mark", lambda: "0" * 16)
    with pytest.raises(OtherKeys):
        opened(whole)
