"""Habits of the house, as rules over one Python file each."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tests.architecture.sources import Source

MOST_LINES_FILE = 400
MOST_LINES_FUNCTION = 60
MOST_LINES_VIEW = 25
EMPTY_NAMES = {"utils", "util", "helpers", "helper", "common", "misc"}
# The user is whoever acts: every room may name its type.
MODELS_FOR_ALL = {"accounts"}
SIGNAL_MODULES = ("django.dispatch", "django.db.models.signals", "django.core.signals", "django.db.backends.signals")
CLOCKS = {("timezone", "now"), ("datetime", "now"), ("datetime", "utcnow"), ("date", "today"), ("datetime", "today")}
RELATIONS = {"ForeignKey", "OneToOneField", "ManyToManyField"}
INEXACT = {"DecimalField", "FloatField"}
WRITES = {
    "create", "bulk_create", "update", "bulk_update", "save", "delete", "get_or_create", "update_or_create", "execute",
}  # fmt: skip
# Writers that name no acting user, or take a positional argument, each with its reason.
LISTED = {
    "niangjia/federation/services/audit.py:record": "the action's code stands first, as in a sentence",
    "niangjia/federation/services/audit.py:record_many": "the action's code stands first, as in a sentence",
    "niangjia/federation/services/audit.py:skip_feed": "system act after seeding",
    "niangjia/files/services/ownership.py:hand_over_files": "part of another room's act, which checks and audits it",
    "niangjia/policy/services/sweeps.py:sweep_all": "system act: the nightly duty",
}
FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef


def _functions(tree: ast.AST) -> Iterator[FunctionNode]:
    return (node for node in ast.walk(tree) if isinstance(node, FunctionNode))


def _lines(node: FunctionNode) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


def file_is_short(file: Source) -> Iterator[str]:
    """A file is read in one sitting."""
    count = len(file.text.splitlines())
    if count > MOST_LINES_FILE:
        yield f"{count} lines, at most {MOST_LINES_FILE}"


def functions_are_short(file: Source) -> Iterator[str]:
    """A function fits on a screen; a view only connects."""
    for node in _functions(file.tree):
        most = MOST_LINES_VIEW if _is_view(file, node) else MOST_LINES_FUNCTION
        if _lines(node) > most:
            yield f"{node.name} has {_lines(node)} lines, at most {most}"


def _is_view(file: Source, node: FunctionNode) -> bool:
    first = node.args.args[0].arg if node.args.args else ""
    return "views" in file.parts and first == "request" and not file.is_test


def name_says_something(file: Source) -> Iterator[str]:
    """A module is named for what it holds."""
    for part in file.parts:
        if part.removesuffix(".py") in EMPTY_NAMES:
            yield f"{part!r} says nothing: name the module for what it holds"


def _imports(tree: ast.AST) -> Iterator[tuple[ast.stmt, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from ((node, f"{node.module or ''}.{alias.name}") for alias in node.names)


def no_foreign_models(file: Source) -> Iterator[str]:
    """A room reads another through its queries and changes it through its services."""
    # Benchmarks lay out millions of rows, as no service would.
    if file.is_test or file.parts[0] == "benchmarks":
        return
    for node, name in _imports(file.tree):
        parts = name.split(".")
        if parts[0] == "niangjia" and parts[2:3] == ["models"] and parts[1] not in MODELS_FOR_ALL | {file.room}:
            yield f"line {node.lineno} imports {name}: use {parts[1]}'s queries and services"


def no_signals(file: Source) -> Iterator[str]:
    """What follows from what is registered or called, never signalled."""
    for node, name in _imports(file.tree):
        if name.startswith(SIGNAL_MODULES):
            yield f"line {node.lineno} imports {name}"


def function_level_imports(file: Source) -> Iterator[str]:
    """Imports inside functions, which hide what a module stands on; Django's `ready()` needs its own."""
    if file.parts[-1] == "apps.py":
        return
    for function in _functions(file.tree):
        for node in ast.walk(function):
            if isinstance(node, ast.Import | ast.ImportFrom):
                yield f"line {node.lineno} imports inside {function.name}"


def views_ask_queries(file: Source) -> Iterator[str]:
    """A view starts from a scope: it never reaches for a manager."""
    if "views" not in file.parts or file.is_test:
        return
    for node in ast.walk(file.tree):
        if isinstance(node, ast.Attribute) and node.attr in {"objects", "_default_manager", "_base_manager"}:
            yield f"line {node.lineno} uses .{node.attr}"


def one_clock(file: Source) -> Iterator[str]:
    """Time comes from core.clock, so that tests and the demo stage can stop it."""
    if file.is_test or file.path == "niangjia/core/clock.py" or not file.room or file.room == "engines":
        return
    for node in ast.walk(file.tree):
        if not (isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)):
            continue
        if (node.value.id, node.attr) in CLOCKS:
            yield f"line {node.lineno} asks {node.value.id}.{node.attr}: ask core.clock"


def exact_numbers(file: Source) -> Iterator[str]:
    """No inexact column: money is integer fen, ratios are ppm."""
    if "models" not in file.parts and file.parts[-1] != "models.py":
        return
    for node in ast.walk(file.tree):
        if isinstance(node, ast.Attribute) and node.attr in INEXACT:
            yield f"line {node.lineno} has a {node.attr}"


def keys_across_rooms(file: Source) -> Iterator[str]:
    """A foreign key to another room is a string, and leaves nothing behind over there."""
    if "models" not in file.parts or file.is_test:
        return
    for node in ast.walk(file.tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in RELATIONS):
            continue
        room = _room_of_key(file, node)
        if room and room != file.room and _keyword(node, "related_name") != "+":
            yield f"line {node.lineno}: a key to {room} needs related_name='+'"


def _room_of_key(file: Source, call: ast.Call) -> str:
    target = call.args[0] if call.args else next((k.value for k in call.keywords if k.arg == "to"), None)
    if isinstance(target, ast.Constant) and isinstance(target.value, str):
        return target.value.split(".")[0] if "." in target.value else file.room
    if isinstance(target, ast.Attribute) and target.attr == "AUTH_USER_MODEL":
        return "accounts"
    return ""


def _keyword(call: ast.Call, name: str) -> object:
    found = next((k.value for k in call.keywords if k.arg == name), None)
    return found.value if isinstance(found, ast.Constant) else None


def services_say_who_acts(file: Source) -> Iterator[str]:
    """A public writer takes keyword-only arguments, types, a sentence, and who acts (or says: System act)."""
    if "services" not in file.parts or file.is_test:
        return
    if "System act" in (ast.get_docstring(file.tree) or ""):
        return
    functions = {node.name: node for node in file.tree.body if isinstance(node, FunctionNode)}
    for name, node in functions.items():
        listed = f"{file.path}:{name}" in LISTED
        if not listed and not name.startswith("_") and _writes(node, functions, set()):
            yield from (f"{name} {fault}" for fault in _service_faults(node))


def _writes(node: FunctionNode, functions: dict[str, FunctionNode], seen: set[str]) -> bool:
    seen.add(node.name)
    for call in (inner for inner in ast.walk(node) if isinstance(inner, ast.Call)):
        if isinstance(call.func, ast.Attribute) and call.func.attr in WRITES and not _is_plain_update(call):
            return True
        called = call.func.id if isinstance(call.func, ast.Name) else ""
        if called in functions and called not in seen and _writes(functions[called], functions, seen):
            return True
    return False


def _is_plain_update(call: ast.Call) -> bool:
    # dict.update(other), set.update(more), digest.update(bytes): a queryset's takes only keywords.
    return isinstance(call.func, ast.Attribute) and call.func.attr == "update" and bool(call.args)


def _service_faults(node: FunctionNode) -> Iterator[str]:
    doc = ast.get_docstring(node) or ""
    arguments = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
    if not doc:
        yield "has no docstring"
    if node.returns is None or any(argument.annotation is None for argument in arguments):
        yield "is not annotated"
    if "System act" in doc:
        return
    if node.args.args or node.args.posonlyargs:
        yield "takes positional arguments"
    if "acting_user" not in {argument.arg for argument in node.args.kwonlyargs}:
        yield "takes no acting_user and does not say that it is a system act"


def public_names_are_told(file: Source) -> Iterator[str]:
    """A public name of a room has one sentence that ends in a full stop."""
    if file.is_test or not file.room:
        return
    for node in file.tree.body:
        if isinstance(node, FunctionNode | ast.ClassDef) and not node.name.startswith("_"):
            first = (ast.get_docstring(node) or "").split("\n\n")[0].strip()
            if not first.endswith("."):
                yield f"line {node.lineno}: {node.name} has no sentence"


def annotations_are_late(file: Source) -> Iterator[str]:
    """Every module with code begins with the same import."""
    body = [node for node in file.tree.body if not isinstance(node, ast.Expr)]
    first = body[0] if body else None
    if body and not (isinstance(first, ast.ImportFrom) and first.module == "__future__"):
        yield "begins without `from __future__ import annotations`"
