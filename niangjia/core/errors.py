"""Errors that are sentences for the person who must act."""

from __future__ import annotations

from django.utils.functional import Promise


class Refusal(Exception):
    """Nothing was changed: something the person asked for cannot be done as it stands.

    `sentence` says what happened, what is safe and what to do; it is shown as it is.
    `field` names the form field it belongs to, when there is one.
    """

    sentence: str | Promise = "This cannot be done."

    def __init__(self, sentence: str | Promise | None = None, *, field: str = "") -> None:
        if sentence is not None:
            self.sentence = sentence
        self.field = field
        super().__init__(str(self.sentence))


class NotFoundHere(Exception):
    """The thing does not exist, or is outside the reader's scope: both look the same outside."""


class RightMissing(Exception):
    """The acting user lacks a right; outside it looks like `NotFoundHere`."""

    def __init__(self, right: str) -> None:
        self.right = right
        super().__init__(right)
