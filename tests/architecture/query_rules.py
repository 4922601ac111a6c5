"""Habits of the house about queries and counts, as rules over one file each."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from tests.architecture.sources import Source

# Names and dictionaries that our own code spells out, function by function, each with its reason; nothing of a reader
# comes near them.
SPELLED_OUT = {
    "niangjia/federation/scopes.py:unions": "the column is named by the query that asks for the scope",
    "niangjia/federation/listing/pages.py:in_order": "the fields of a declared column; an address only chooses",
    "niangjia/people/readers.py:only": "the column a reader of facts declares",
    "niangjia/people/support_readers.py:_homes": "conditions written at the call",
    "niangjia/people/services/roster_work.py:_finish": "columns of the roster's own row, written at the call",
    "niangjia/people/services/roster_work.py:_go_on": "columns of the roster's own row, written at the call",
    "niangjia/people/services/roster_undo.py:_pointers": "columns of the models a roster may have entered",
    "niangjia/people/services/roster_undo.py:_loose_pointers": "columns of the models a roster may have entered",
    "niangjia/people/services/rosters.py:_go_on": "columns of the roster's own row, written at the call",
    "niangjia/benefits/history.py:_of": "the prefix is written at the call",
    "niangjia/benefits/history.py:_among": "the column is written at the call",
    "niangjia/benefits/services/caps.py:_raise_below": "one of the two measures a cap may name",
    "niangjia/cases/needs.py:by_industry": "a count for each of the fixed states",
    "niangjia/cases/services/assignments.py:_go_on": "columns of a step, written at the call",
    "niangjia/cases/services/contacts.py:_go_on": "columns of a step, written at the call",
    "niangjia/people/services/home_rows.py:change_row": "columns of a step, written at the call and kept with it",
    "niangjia/people/services/homes.py:_put_back": "columns of a step, written where it was made and kept with it",
    "niangjia/people/alike.py:_blocks": "one of two columns, written a line above",
    "niangjia/people/firms/related.py:related_to": "one of the keys by which firms are related, written in the file",
    "niangjia/people/finding.py:_begins": "columns of the search, each written where it is tried",
    "niangjia/people/merging/plan.py:rows_at": "pointers discovered from the models",
    "niangjia/people/services/merges.py:_make": "columns of rows that were laid aside",
    "niangjia/people/services/merges.py:_change": "columns of rows that were laid aside",
}
# Whole tables, triggers and rows, by names read from the database, from our models, or written in the file.
WHOLE_TABLES = {
    "niangjia/federation/guards.py", "niangjia/site/emptying.py", "niangjia/site/backup/tables.py",
    "niangjia/cli/generate.py", "niangjia/engines/rules/batch/compare.py", "niangjia/people/alike.py",
    "niangjia/people/merging/rows.py", "niangjia/core/newrows.py",
}  # fmt: skip
BY_HAND = {"raw", "extra", "RawSQL"}
TAKES_NAMES = {
    "filter", "exclude", "get", "get_or_create", "update_or_create", "create", "update", "annotate", "alias",
    "aggregate", "Q",
}  # fmt: skip
# Numbers that open no list, by template: how many of them, and why.
COUNTS_WITHOUT_A_LIST = {
    "niangjia/federation/templates/federation/list_export.html": (2, "a day's measure, no rows"),
    "niangjia/federation/templates/federation/_due_exports.html": (1, "rows of a file that is not taken yet"),
    "niangjia/federation/templates/federation/export.html": (1, "rows of a file that left"),
    "niangjia/federation/templates/federation/_export_row.html": (1, "rows of a file that left"),
    "niangjia/benefits/templates/benefits/quotas.html": (4, "places, not people: they stand in the same table"),
    "niangjia/site/templates/site/desk_home.html": (1, "blocks of which the page shows all"),
    "niangjia/federation/templates/federation/lookers.html": (1, "files: the number beside opens the looks"),
    "niangjia/visits/templates/visits/no_work.html": (2, "of whom the registers do not say it"),
    "niangjia/visits/templates/visits/_desk_calls.html": (1, "the page of calls shows all"),
    "niangjia/visits/templates/visits/_desk_assess.html": (1, "the page of the sample shows all"),
    "niangjia/people/templates/people/_usage_row.html": (4, "children among them; how often; nobody lists accounts"),
    "niangjia/people/templates/people/_check_differences.html": (1, "rows of the table, which stand below"),
    "niangjia/people/templates/people/employer_file.html": (1, "what the employer stated, without names"),
}
# The same in our code, by file: counts of a row and figures over a page that name no address.
COUNTS_IN_CODE = {
    "niangjia/benefits/noticepage.py": (3, "rows of a frozen list, which stand on the same page"),
    "niangjia/benefits/services/caps.py": (1, "how often a cap allows"),
    "niangjia/benefits/wording.py": (1, "words that the page puts into a link"),
    "niangjia/cases/lists.py": (1, "the needs stand in the stay that the row opens"),
    "niangjia/cases/tasklists.py": (1, "working days"),
    "niangjia/federation/listing/house.py": (1, "rows of a file that left"),
    "niangjia/federation/listing/pages.py": (1, "the list itself"),
    "niangjia/federation/services/exports.py": (1, "a measure"),
    "niangjia/federation/templatetags/lists.py": (1, "where a template says so, with its reason above"),
    "niangjia/people/bureaux/drafting.py": (2, "whom a batch may be about: its page names them, the batch opens them"),
    "niangjia/people/finding.py": (1, "what was found stands below"),
    "niangjia/people/lists.py": (3, "members, children too: in the file; stated staff; rows of a table"),
    "niangjia/people/officers.py": (1, "how often the officer of the row logged in"),
    "niangjia/people/services/cross_checks.py": (1, "rows of the page that refuses"),
    "niangjia/people/worklists.py": (1, "rows of a bureau's table: its batch opens them"),
    "niangjia/policy/trialpage.py": (6, "a trial: nobody stands on a list yet"),
    "niangjia/site/samples.py": (1, "a sample"),
    "niangjia/visits/inventory.py": (1, "names of fields"),
}
# Names that hold a bare number in a sentence; with a plural noun behind them English needs both forms.
_NUMBERS = r"(?:n|many|count|total|days|months|links|files|all|rows|times)"
_NOUN = r"(?:\w+ ){0,2}?\w{2,}s\b"
_PLURAL_IN_TEMPLATE = re.compile(rf"\{{\{{\s*{_NUMBERS}\s*\}}\}} {_NOUN}")
_PLURAL_IN_CODE = re.compile(rf"%\({_NUMBERS}\)s {_NOUN}")
# Sentences whose number is never one, by file.
ALWAYS_MANY = {
    "niangjia/people/templates/people/usage.html": (1, "the period of thirty days"),
    "niangjia/benefits/placewords.py": (1, "equals are two or more"),
    "niangjia/federation/services/grants.py": (2, "the longest leave, the longest role"),
    "niangjia/policy/trialpage.py": (1, "a count with its unit"),
    "niangjia/visits/services/leaving.py": (3, "days and months of a standard"),
}
_SINGULAR_ONLY = {"_", "say", "gettext", "gettext_lazy"}
# A bare number, unless its unit follows at once.
_COUNT_ALONE = re.compile(r"\{\{\s*(?:[\w.]+\|count|\w+(?:\.\w+)*\.count)\s*\}\}(?!\s*\{\{\s*[\w.]*unit)")
_COUNT_IN_WORDS = re.compile(r"\{%\s*blocktranslate\b([^%]*)%\}(.*?)\{%\s*endblocktranslate\s*%\}", re.S)
_COUNT_WITHOUT_LIST = re.compile(r"\{%\s*counted\s")
_NAMED_COUNT = re.compile(r"(\w+)=[\w.]+\|count\b|\bcount\s+(\w+)=")


def queries_are_spelled_out(file: Source) -> Iterator[str]:
    """No SQL by hand, and no dictionary or name from elsewhere as a field of a query."""
    if file.is_test or not file.room:
        return
    for call in (node for node in ast.walk(file.tree) if isinstance(node, ast.Call)):
        name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
        if name in BY_HAND:
            yield f"line {call.lineno} writes SQL by hand: {name}"
        if name in {"execute", "executemany"} and _is_put_together(call) and file.path not in WHOLE_TABLES:
            yield f"line {call.lineno} puts SQL together"
        fault = _takes_names(call, name)
        if fault and f"{file.path}:{_function_around(file.tree, call)}" not in SPELLED_OUT:
            yield f"line {call.lineno} {fault}"


def _takes_names(call: ast.Call, name: str) -> str:
    """What is wrong with a call that is given names, or nothing."""
    if name in TAKES_NAMES and any(_names_fields(word.value) for word in call.keywords if word.arg is None):
        return f"gives {name}() fields by a dictionary: spell them out"
    if name == "order_by" and any(not isinstance(part, ast.Constant) for part in call.args):
        return "orders by a name from elsewhere: choose from a fixed table"
    return ""


def _function_around(tree: ast.Module, call: ast.Call) -> str:
    """The innermost function a call stands in."""
    around = [
        (node.lineno, node.name)
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and node.lineno <= call.lineno <= (node.end_lineno or 0)
    ]
    return max(around, default=(0, ""))[1]


def spelled_out_in(file: Source) -> Iterator[str]:
    """The functions of a file that stand in `SPELLED_OUT` and need to."""
    for call in (node for node in ast.walk(file.tree) if isinstance(node, ast.Call)):
        name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
        if _takes_names(call, name) and (where := f"{file.path}:{_function_around(file.tree, call)}") in SPELLED_OUT:
            yield where


def _is_put_together(call: ast.Call) -> bool:
    return bool(call.args) and isinstance(call.args[0], ast.JoinedStr | ast.BinOp | ast.Call)


def _names_fields(value: ast.expr) -> bool:
    """Whether a dictionary may hold names that do not stand in our source."""
    if isinstance(value, ast.Dict):
        return not all(key is not None and _is_written(key) for key in value.keys)
    return True


def _is_written(key: ast.expr) -> bool:
    if isinstance(key, ast.IfExp):
        return _is_written(key.body) and _is_written(key.orelse)
    return isinstance(key, ast.Constant)


def counts_open_their_list(file: Source) -> Iterator[str]:
    """A number with its unit is written by `count_of`, which opens its list, or stands above with a reason."""
    found = len(_COUNT_WITHOUT_LIST.findall(file.text))
    known, _why = COUNTS_WITHOUT_A_LIST.get(file.path, (0, ""))
    if found != known:
        yield f"{found} numbers that open no list, {known} have a reason: write them with count_of"


def counts_in_code_open_their_list(file: Source) -> Iterator[str]:
    """A count or a figure made in our code names the list it opens, or its file stands above with a reason."""
    if file.is_test or not file.room:
        return
    found = sum(_opens_nothing(node) for node in ast.walk(file.tree))
    known, _why = COUNTS_IN_CODE.get(file.path, (0, ""))
    if found != known:
        yield f"{found} counts that open no list, {known} have a reason: give them an url"


def _opens_nothing(node: ast.AST) -> bool:
    if isinstance(node, ast.Dict):
        keys = {key.value for key in node.keys if isinstance(key, ast.Constant)}
        return keys >= {"label", "value", "unit"} and "url" not in keys
    if not isinstance(node, ast.Call) or getattr(node.func, "id", "") not in {"Count", "Units"}:
        return False
    # A database's own count has one thing to count; a number with its unit has two.
    is_a_number = len(node.args) > 1
    return is_a_number and all(word.arg != "url" for word in node.keywords)


def counts_have_plurals(file: Source) -> Iterator[str]:
    """A number in front of a plural noun has its singular too: 1 row, 2 rows; or its file stands above."""
    found = list(_without_singular(file))
    if len(found) != ALWAYS_MANY.get(file.path, (0, ""))[0]:
        yield from (f"no singular: {text.strip()[:60]!r}" for text in found or ["none left: take the reason out"])


def _without_singular(file: Source) -> Iterator[str]:
    if file.path.endswith(".html"):
        bodies = (found[2] for found in _COUNT_IN_WORDS.finditer(file.text))
        yield from (body for body in bodies if "{% plural" not in body and _PLURAL_IN_TEMPLATE.search(body))
        return
    if file.is_test or not file.room:
        return
    for call in (node for node in ast.walk(file.tree) if isinstance(node, ast.Call) and node.args):
        name, text = getattr(call.func, "id", ""), call.args[0]
        if name in _SINGULAR_ONLY and isinstance(text, ast.Constant) and _PLURAL_IN_CODE.search(str(text.value)):
            yield str(text.value)


def counts_have_units(file: Source) -> Iterator[str]:
    """A count stands in a sentence with its unit, or is written by `counted`: never a bare number."""
    text = file.text
    for found in _COUNT_ALONE.finditer(text):
        yield f"a number without its unit: {found.group(0)}"
    for found in _COUNT_IN_WORDS.finditer(text):
        names = {one or other for one, other in _NAMED_COUNT.findall(found[1])}
        words = re.sub(r"\{\{[^}]*\}\}|\{%[^%]*%\}|[\s\d.,:;()·]", "", found[2])
        if names and not words:
            yield f"a number without its unit: {found.group(0)[:70]}"
