"""What cannot be allocated, with a code for who catches it and a sentence for who reads it."""

from __future__ import annotations


class AllocationError(Exception):
    """Something in what was given contradicts itself; `code` is stable, the sentences are for people."""

    def __init__(self, code: str, zh: str, en: str) -> None:
        super().__init__(en)
        self.code, self.zh, self.en = code, zh, en
