"""Wrong variants of one view each: what it reads from is everything, or its right is not asked for."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar
from typing import Any
from unittest import mock

from django.http import HttpRequest, HttpResponse

from niangjia.federation import scopes
from niangjia.federation.middleware import RightsMiddleware
from niangjia.federation.models import Union
from niangjia.federation.scopes import Scope, active_grants
from niangjia.people.models import Employer, Person
from niangjia.providers.models import Provider

# The name of the route that is being answered.
_answered: ContextVar[str] = ContextVar("answered", default="")
View = Callable[..., Any]


def everything_of(user: Any, right: str) -> Scope:
    """The scope of a view that forgot to ask whose things they are; its seats are towns of others."""
    own = active_grants(user).filter(union__isnull=False).values("union_id")
    return Scope(
        user=user, right=right, everything=True,
        roots=frozenset(Union.objects.filter(level="town").exclude(pk__in=own).values_list("pk", flat=True)),
        persons=frozenset(Person.objects.values_list("pk", flat=True)),
        employers=frozenset(Employer.objects.values_list("pk", flat=True)),
        providers=frozenset(Provider.objects.values_list("pk", flat=True)),
    )  # fmt: skip


# Asks who somebody is, not whose things he sees: with a scope of everything each matter would be his own.
NOT_WRONG = "niangjia.people.oneself"


def _everywhere(name: str, wrong: View) -> Iterator[Any]:
    """Patches of one function in every module that has taken it by name, but for one."""
    right = getattr(scopes, name)
    for module in list(sys.modules.values()):
        where = getattr(module, "__name__", "")
        if where.startswith("niangjia.") and where != NOT_WRONG and getattr(module, name, None) is right:
            yield mock.patch.object(module, name, wrong)


class Mutants:
    """Patches that act while one route is answered, and never else; which, is said from question to question."""

    def __init__(self) -> None:
        self.route, self.wide_scope, self.no_right = "", False, False
        self.owner: Any = None
        self.used = 0

    @contextmanager
    def of(self, route: str, *, wide_scope: bool = False, no_right: bool = False, owner: Any = None) -> Iterator[None]:
        """One wrong variant of one route's view; with an owner it forgets whose the thing is."""
        self.route, self.wide_scope, self.no_right, self.owner, self.used = route, wide_scope, no_right, owner, 0
        try:
            yield
        finally:
            self.route = ""

    def _acts(self) -> bool:
        return bool(self.route) and _answered.get() == self.route

    @contextmanager
    def planted(self) -> Iterator[None]:
        """Put the patches in place."""
        asked_scope, asked_right = scopes.scope_of, scopes.require
        check = RightsMiddleware.process_view

        def scope_of(user: Any, right: str, **how: bool) -> Scope:
            if self._acts() and self.wide_scope:
                self.used += 1
                return everything_of(user, right)
            return asked_scope(user, right, **how)

        def require(user: Any, right: str, union_id: int | None = None, **how: bool) -> Scope:
            if self._acts() and self.wide_scope:
                self.used += 1
                return everything_of(user, right)
            return asked_right(user, right, union_id, **how)

        def process_view(this: Any, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
            _answered.set(request.resolver_match.view_name if request.resolver_match else "")
            if not (self._acts() and request.user.is_authenticated):
                return check(this, request, view, args, kwargs)
            refused = None if self.no_right else check(this, request, view, args, kwargs)
            if self.owner is not None:
                request.user = self.owner
            return refused

        def done(this: Any, request: HttpRequest) -> HttpResponse:
            try:
                return this.get_response(request)
            finally:
                _answered.set("")

        with ExitStack() as stack:
            for patch in [*_everywhere("scope_of", scope_of), *_everywhere("require", require)]:
                stack.enter_context(patch)
            stack.enter_context(mock.patch.object(RightsMiddleware, "process_view", process_view))
            stack.enter_context(mock.patch.object(RightsMiddleware, "__call__", done))
            yield
