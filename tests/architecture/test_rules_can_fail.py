"""Each rule finds its bad sample and leaves its good one alone: a rule that cannot fail guards nothing."""

from __future__ import annotations

import pytest

from tests.architecture import page_rules, python_rules as rules, query_rules
from tests.architecture.sources import Rule, Source

LONG = "x = 1\n" * 401
FUNCTION = "def long() -> None:\n" + "    x = 1\n" * 60
VIEW = "def page(request):\n" + "    x = 1\n" * 25
WRITER = 'def give(*, name: str, acting_user: User) -> None:\n    """Give."""\n    Gift.objects.create(name=name)\n'
KEY = "union = models.ForeignKey('federation.Union', on_delete=models.PROTECT, related_name='+')"
SAMPLES: list[tuple[Rule, str, str, str, str]] = [
    (rules.file_is_short, "niangjia/people/a.py", "x = 1\n" * 400, "niangjia/people/a.py", LONG),
    (rules.functions_are_short,
     "niangjia/people/a.py", FUNCTION.replace("    x = 1\n", "", 1), "tests/a.py", FUNCTION),
    (rules.functions_are_short, "niangjia/people/services/a.py", VIEW, "niangjia/people/views/a.py", VIEW),
    (rules.name_says_something, "niangjia/people/phones.py", "", "niangjia/people/utils.py", ""),
    (rules.name_says_something, "niangjia/people/commons.py", "", "niangjia/common/phones.py", ""),
    (
        rules.no_foreign_models,
        "niangjia/people/a.py", "from niangjia.people.models import Person\nfrom niangjia.accounts.models import User",
        "niangjia/benefits/a.py", "from niangjia.people.models.person import Person",
    ),
    (rules.no_foreign_models, "niangjia/benefits/a.py", "from niangjia.people import queries",
     "niangjia/benefits/a.py", "from niangjia.people import models"),
    (rules.no_foreign_models, "niangjia/people/a.py", "import niangjia.people.models",
     "niangjia/benefits/a.py", "def f() -> None:\n    import niangjia.people.models"),
    (rules.no_signals, "niangjia/people/a.py", "import signal",
     "niangjia/people/a.py", "from django.db.models.signals import post_save"),
    (rules.no_signals, "niangjia/people/a.py", "from django.db import models",
     "niangjia/people/a.py", "from django.dispatch import receiver"),
    (rules.function_level_imports, "niangjia/a/a.py", "import os\ndef f() -> None:\n    os.getpid()",
     "niangjia/a/a.py", "def f() -> None:\n    import os"),
    (rules.views_ask_queries, "niangjia/people/queries.py", "Person.objects.all()",
     "niangjia/people/views/card.py", "Person.objects.all()"),
    (rules.one_clock, "niangjia/people/a.py", "clock.now()", "niangjia/people/a.py", "timezone.now()"),
    (rules.one_clock, "niangjia/people/a.py", "clock.today()", "niangjia/people/a.py", "date.today()"),
    (rules.exact_numbers, "niangjia/people/models/a.py", "paid_fen = models.BigIntegerField()",
     "niangjia/people/models/a.py", "paid = models.DecimalField()"),
    (rules.keys_across_rooms, "niangjia/people/models/a.py", KEY,
     "niangjia/people/models/a.py", KEY.replace("'+'", "'x'")),
    (rules.keys_across_rooms, "niangjia/federation/models/a.py", KEY.replace("'+'", "'x'"),
     "niangjia/people/models/a.py", "user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)"),
    (rules.services_say_who_acts, "niangjia/people/services/a.py", WRITER,
     "niangjia/people/services/a.py", WRITER.replace(", acting_user: User", "")),
    (rules.services_say_who_acts, "niangjia/people/services/a.py", "def total(rows: list[int]) -> int:\n    return 1",
     "niangjia/people/services/a.py", WRITER.replace("*, ", "")),
    (rules.services_say_who_acts, "niangjia/people/services/a.py",
     'def sweep() -> None:\n    """Sweep. System act."""\n    Gift.objects.update(x=1)',
     "niangjia/people/services/a.py", "def sweep():\n    _go()\ndef _go():\n    Gift.objects.update(x=1)"),
    (rules.public_names_are_told, "niangjia/people/a.py", 'def f() -> None:\n    """Does it."""\ndef _g(): pass',
     "niangjia/people/a.py", "class Plain: pass"),
    (rules.annotations_are_late, "niangjia/people/a.py", '"""What."""\nfrom __future__ import annotations\nx = 1',
     "niangjia/people/a.py", "import os"),
    (query_rules.queries_are_spelled_out, "niangjia/people/a.py", "Person.objects.filter(name=name).order_by('pk')",
     "niangjia/people/a.py", "Person.objects.filter(**request.GET.dict())"),
    (query_rules.queries_are_spelled_out, "niangjia/people/a.py", "Person.objects.update(**{'a' if x else 'b': 1})",
     "niangjia/people/a.py", "Person.objects.update(**{f'{x}_on': 1})"),
    (query_rules.queries_are_spelled_out,
     "niangjia/people/readers.py", "def only(ids, column): return Q(**{f'{column}__in': ids})",
     "niangjia/people/readers.py", "def every(ids, column): return Q(**{f'{column}__in': ids})"),
    (query_rules.queries_are_spelled_out, "niangjia/people/a.py", "rows.order_by('-pk')",
     "niangjia/people/a.py", "rows.order_by(request.GET['sort'])"),
    (query_rules.queries_are_spelled_out, "niangjia/people/a.py", "cursor.execute('SELECT %s', [name])",
     "niangjia/people/a.py", "cursor.execute(f'SELECT {name}')"),
    (query_rules.queries_are_spelled_out, "niangjia/people/a.py", "rows.filter(name=x)",
     "niangjia/people/a.py", "rows.extra(where=[x])"),
    (query_rules.queries_are_spelled_out, "niangjia/people/a.py", "rows.filter(name=x)",
     "niangjia/people/a.py", "Person.objects.raw('SELECT 1')"),
    (query_rules.counts_have_units, "a.html", '{% counted many "household" %} {{ n|count }}{{ unit }}',
     "a.html", "<td>{{ many|count }}</td>"),
    (query_rules.counts_have_units, "a.html", "<td>{{ list.total }}{{ list.unit }}</td>",
     "a.html", "<td>{{ page.paginator.count }}</td>"),
    (query_rules.counts_open_their_list, "a.html", '{% count_of many "household" url %}',
     "a.html", '{% counted many "household" %}'),
    (query_rules.counts_in_code_open_their_list,
     "niangjia/people/a.py", "Count(n, 'person', url=there); Count('pk', filter=q)",
     "niangjia/people/a.py", "Count(n, 'person')"),
    (query_rules.counts_in_code_open_their_list,
     "niangjia/people/a.py", "{'label': a, 'value': b, 'unit': c, 'url': d}",
     "niangjia/people/a.py", "{'label': a, 'value': b, 'unit': c}"),
    (query_rules.counts_have_plurals,
     "a.html", "{% blocktranslate count n=x %}{{ n }} row{% plural %}{{ n }} rows{% endblocktranslate %}",
     "a.html", "{% blocktranslate with n=x %}{{ n }} rows wait{% endblocktranslate %}"),
    (query_rules.counts_have_plurals, "niangjia/people/a.py", "ngettext('%(n)s row', '%(n)s rows', n)",
     "niangjia/people/a.py", "_('%(n)s rows recorded')"),
    (query_rules.counts_have_units,
     "a.html", "{% blocktranslate with n=x|count %}{{ n }} persons{% endblocktranslate %}",
     "a.html", "{% blocktranslate with n=x|count %}({{ n }}){% endblocktranslate %}"),
    (page_rules.template_is_plain, "a.html", '<p class="due">{# style="x" #}</p><script src="a.js" defer></script>',
     "a.html", '<p class="a"\n style="color:red">'),
    (page_rules.template_is_plain, "a.html", '<button data-on="1">', "a.html", '<button onclick="go()">'),
    (page_rules.template_is_plain, "a.html", '<script type="application/json">1</script>',
     "a.html", "<script>go()</script>"),
    (page_rules.template_is_plain, "a.html", '<a href="/my/">',
     "a.html", '<img src="https://elsewhere.example/a.png">'),
    (page_rules.template_is_plain, "a.html", "{{ text|safeseq_not }}", "a.html", "{{ text|safe }}"),
    (page_rules.css_stays_on_the_floor, "a.css", "/* @layer */ @media print { a { color: red } }",
     "a.css", "@layer base;"),
    (page_rules.css_stays_on_the_floor, "a.css", "a:hover { top: 0 }", "a.css", "a:has(b) { top: 0 }"),
    (page_rules.css_stays_on_the_floor, "a.css", "a { top: 0 } a b { top: 0 }",
     "a.css", "a { top: 0; b { top: 0 } }"),
    (page_rules.css_stays_on_the_floor, "a.css", "a { top: 0 } a:focus { top: 0 }",
     "a.css", "a { &:focus { top: 0 } }"),
    (page_rules.css_stays_on_the_floor, "a.css", "a { color: red }",
     "a.css", "a { color: color-mix(in srgb, red, blue) }"),
    (page_rules.css_stays_on_the_floor, "a.css", "a { color: red }", "a.css", "a { color: oklch(40% 0.2 20) }"),
    (page_rules.css_stays_on_the_floor, "a.css", "a { color: red }", "a.css", "a { color: light-dark(red, blue) }"),
    (page_rules.css_stays_on_the_floor, "a.css", "@supports (top: 0) { a { top: 0 } }",
     "a.css", "@container (a) { b { top: 0 } }"),
    (page_rules.css_stays_on_the_floor, "a.css", "a { height: 100vh; height: 100dvh }",
     "a.css", "a { height: 100dvh }"),
    (page_rules.css_stays_on_the_floor, "a.css", "a { background: url(a.svg) }",
     "a.css", "a { background: url(//x.example/a) }"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "good_path", "good", "bad_path", "bad"),
    SAMPLES,
    ids=[f"{number}-{sample[0].__name__}" for number, sample in enumerate(SAMPLES)],
)
def test_a_rule_leaves_the_good_sample_alone_and_finds_the_bad_one(
    rule: Rule, good_path: str, good: str, bad_path: str, bad: str
) -> None:
    assert list(rule(Source(good_path, good))) == []
    assert len(list(rule(Source(bad_path, bad)))) >= 1
