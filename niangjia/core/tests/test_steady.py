"""Parts of a page that are written once: the same for everybody, and blind for who reads."""

from __future__ import annotations

import pytest
from django.template import Context, Template
from django.utils.safestring import mark_safe
from django.utils.translation import override

from niangjia.core.templatetags import steady


def test_a_part_is_written_once_for_each_of_the_values_it_is_given() -> None:
    template = Template("{% steady theme word=make %}<b>{{ theme }}{{ word }}</b>{% endsteady %}{{ name }}")

    def page(theme: str, name: str) -> str:
        return template.render(Context({"theme": theme, "name": name, "make": "水", "word": "not asked for"}))

    assert page("dark", "a") == "<b>dark水</b>a"
    assert page("light", "b") == "<b>light水</b>b"
    assert page("dark", "c") == "<b>dark水</b>c"


def test_within_it_nothing_of_the_reader_is_known() -> None:
    template = Template(
        "{% steady %}[{{ user }}{{ csrf_token }}{% if user %}known{% endif %}]{% endsteady %}{{ user }}"
    )

    assert template.render(Context({"user": "麦", "csrf_token": "secret"})) == "[]麦"
    assert template.render(Context({"user": "豆"})) == "[]豆"
    # Control: the same without it shows what it must not keep.
    open_part = Template("[{{ user }}{{ csrf_token }}{% if user %}known{% endif %}]")
    assert open_part.render(Context({"user": "麦", "csrf_token": "secret"})) == "[麦secretknown]"


def test_each_language_has_its_own() -> None:
    template = Template("{% load i18n %}{% steady %}{% translate 'Search' %}{% endsteady %}")
    found: dict[str, set[str]] = {}
    for language in ("en", "zh-hans", "en", "zh-hans"):
        with override(language):
            found.setdefault(language, set()).add(template.render(Context()))

    assert found["en"] == {"Search"}
    assert len(found["zh-hans"]) == 1
    assert found["zh-hans"] != {"Search"}


@pytest.mark.parametrize("turned", [False, True])
def test_text_is_never_taken_for_markup_that_looks_like_it(turned: bool) -> None:
    template = Template("{% steady word %}{{ word }}{% endsteady %}")
    words = [(mark_safe("<b>"), "<b>"), ("<b>", "&lt;b&gt;")]
    for word, expected in reversed(words) if turned else words:
        assert template.render(Context({"word": word})) == expected


def test_what_is_kept_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(steady, "MOST", 3)
    template = Template("{% steady word %}{{ word }}{% endsteady %}")

    for at in range(10):
        assert template.render(Context({"word": at})) == str(at)

    node = template.nodelist[0]
    assert isinstance(node, steady.Steady)
    assert len(node._written) <= 3
