"""Parts of a page that are the same for everybody: written once for each language and reused.

`{% steady theme is_in=user.is_authenticated %} ... {% endsteady %}` is written again only for other values of these.
Within it
nothing else of the page is known, not even who reads it: what is kept cannot tell one reader about another.
"""

from __future__ import annotations

from typing import Any

from django import template
from django.template.base import FilterExpression, NodeList, Parser, Token
from django.template.context import Context
from django.utils.translation import get_language

register = template.Library()
# So many wordings of one part are kept: names of unions come and go.
MOST = 500


class Steady(template.Node):
    """One such part, with what was written of it so far."""

    child_nodelists = ("nodelist",)

    def __init__(self, nodelist: NodeList, by: dict[str, FilterExpression]) -> None:
        self.nodelist, self._by = nodelist, by
        self._written: dict[tuple[Any, ...], str] = {}

    def render(self, context: Context) -> str:
        """What was written for these values, or write it."""
        values = {name: value.resolve(context) for name, value in self._by.items()}
        # As texts, for what is given may be lazy; and text that is markup is not the same as text that looks like it.
        key = (get_language(), *((str(value), hasattr(value, "__html__")) for value in values.values()))
        found = self._written.get(key)
        if found is None:
            if len(self._written) >= MOST:
                self._written.clear()
            found = self._written[key] = self.nodelist.render(context.new(values))
        return found


@register.tag
def steady(parser: Parser, token: Token) -> Steady:
    """A part that depends on the language and on these names alone."""
    given = [one.partition("=") for one in token.split_contents()[1:]]
    nodelist = parser.parse(("endsteady",))
    parser.delete_first_token()
    return Steady(nodelist, {name: parser.compile_filter(value or name) for name, _equals, value in given})
