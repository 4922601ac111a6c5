"""The answers to a plan's questions about one chunk, each worked out once and no sooner than it is needed."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from niangjia.engines.rules.batch.bitmaps import bits_of, maybe_bits
from niangjia.engines.rules.batch.kernels import Chunk, Found, Step, as_array
from niangjia.engines.rules.late import pa


class Answered:
    """What has been answered about a chunk, by the question's place in the plan."""

    def __init__(self, steps: Mapping[int, Step], chunk: Chunk, *, later: Collection[int] = ()) -> None:
        """Answer what has a kernel, but for what can wait until it is asked for (`later`)."""
        self._steps = steps
        self._chunk = chunk
        self._found: dict[int, Found] = {at: step(chunk) for at, step in steps.items() if at not in later}
        self._sure: dict[int, pa.BooleanArray] = {}
        self._maybe: dict[int, pa.BooleanArray] = {}

    def __setitem__(self, at: int, found: Found) -> None:
        self._found[at] = found

    def __getitem__(self, at: int) -> Found:
        """Return an answer, a scalar where it is the same for every row."""
        if at not in self._found:
            self._found[at] = self._steps[at](self._chunk)
        return self._found[at]

    def array(self, at: int) -> pa.Array:
        """Return an answer as one value per row."""
        return as_array(self[at], self._chunk.rows)

    def sure(self, at: int) -> pa.BooleanArray:
        """Return where a question is answered yes, as plain bits."""
        if at not in self._sure:
            self._sure[at] = bits_of(self.array(at))
        return self._sure[at]

    def maybe(self, at: int) -> pa.BooleanArray:
        """Return where a question is answered yes or unknown, as plain bits."""
        if at not in self._maybe:
            self._maybe[at] = maybe_bits(self.array(at))
        return self._maybe[at]
