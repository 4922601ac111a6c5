"""A task outside the page: words to paste into the towns' group."""

from __future__ import annotations

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.translation import get_language

from niangjia.cases.towns import Progress
from niangjia.federation.queries import officer_card


def chase_words(request: HttpRequest, shown: Progress) -> str:
    """Who is waited for, since when, and whom to ask: one paragraph without anything but text."""
    if not (shown.waited_for or shown.sent_back):
        return ""
    context = {"progress": shown, "task": shown.assignment, "card": officer_card(request.user), "who": request.user}
    lines = [" ".join(line.split()) for line in render_to_string("cases/_chase.txt", context).splitlines()]
    # Chinese sentences stand without a blank between them.
    return ("" if (get_language() or "").startswith("zh") else " ").join(line for line in lines if line)
