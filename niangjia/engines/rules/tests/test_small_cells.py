"""Cells of few people are hidden, and what is hidden together is too many to be worked out from the total."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given, settings, strategies as st

from niangjia.engines.rules.batch.compare import FEWEST, Cell, hide_small

NUMBER = st.integers(0, 12)


def cell(name: str, before: int, after: int) -> Cell:
    return Cell(name, before, before, before * 100, after, after, after * 100)


CELLS = st.lists(st.tuples(NUMBER, NUMBER), max_size=7).map(
    lambda rows: [cell(str(at), *row) for at, row in enumerate(rows)]
)


def tells_few(found: Sequence[Cell], shown: Sequence[Cell]) -> bool:
    """Whether a figure that is shown, or the total less all of them, points at fewer than five; the reader's sums."""
    rest = [sum(one or 0 for one in column) for column in zip(*((c.subjects_before, c.subjects_after) for c in found),
            strict=True)] if found else [0, 0]  # fmt: skip
    for one in shown:
        if one.subjects_before is None or one.subjects_after is None:
            continue
        few = (one.subjects_before, one.subjects_after, abs(one.subjects_before - one.subjects_after))
        if any(0 < number < FEWEST for number in few):
            return True
        rest = [rest[0] - one.subjects_before, rest[1] - one.subjects_after]
    everything_hidden = all(
        one.subjects_after is None or not (one.subjects_before or one.subjects_after) for one in shown
    )
    few_rest = any(0 < number < FEWEST for number in (*rest, abs(rest[0] - rest[1])))
    return few_rest and not everything_hidden


@settings(max_examples=300, deadline=None)
@given(CELLS)
def test_no_shown_figure_and_no_difference_points_at_few(found: list[Cell]) -> None:
    shown = hide_small(found)
    assert [one.name for one in shown] == [one.name for one in found]
    assert not tells_few(found, shown)


def test_a_cell_alone_and_a_small_difference_take_the_next_with_them() -> None:
    found = [cell("a", 0, 2), cell("b", 0, 9), cell("c", 0, 30)]
    assert [one.subjects_after for one in hide_small(found)] == [None, None, 30]
    both = [cell("a", 0, 1), cell("b", 0, 2), cell("c", 0, 8), cell("d", 0, 30)]
    assert [one.subjects_after for one in hide_small(both)] == [None, None, None, 30]
    near = [cell("a", 20, 22), cell("b", 0, 9), cell("c", 10, 30)]
    assert [one.subjects_after for one in hide_small(near)] == [None, None, 30]


def test_the_reader_s_sums_find_what_hiding_two_alone_would_tell() -> None:
    found = [cell("a", 0, 1), cell("b", 0, 2), cell("c", 0, 30)]
    hidden = Cell("x", None, None, None, None, None, None)
    assert tells_few(found, [hidden, hidden, found[2]])
    assert tells_few(found, found)
