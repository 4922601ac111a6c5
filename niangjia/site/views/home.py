from __future__ import annotations

import re

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from niangjia.core import clock
from niangjia.core.areas import desk_items
from niangjia.federation.queries import union_names
from niangjia.federation.routes import anonymous, logged_in, requires
from niangjia.federation.scopes import home_area, rights_of
from niangjia.policy.queries import published_versions
from niangjia.site.samples import design_context

# A blank between two Chinese characters comes from a folded line of the notice's text.
_FOLD = re.compile(r"(?<=[\u3000-\u9fff\uff00-\uffef]) (?=[\u3000-\u9fff\uff00-\uffef])")


@anonymous("The public first page.")
@require_GET
def front(request: HttpRequest) -> HttpResponse:
    """What the union offers, and the door to log in."""
    cards = published_versions(clock.today())
    unions = union_names({card.owner_union_id for card in cards})
    offers = [
        {"name": card.name, "union": unions[card.owner_union_id], "sentence": _first_sentence(card.notice_text)}
        for card in cards
    ]
    return render(request, "site/front.html", {"offers": offers})


def _first_sentence(notice: str) -> str:
    """The first paragraph of a notice below its title, as one line; Chinese lines join without a blank."""
    paragraphs = [part for part in notice.split("\n\n") if part.strip() and not part.startswith("#")]
    return _FOLD.sub("", " ".join(paragraphs[0].split())) if paragraphs else ""


@logged_in
@require_GET
def landing(request: HttpRequest) -> HttpResponse:
    """After logging in: each to the area his grants open."""
    area = home_area(request.user)
    if not area:
        raise Http404
    return redirect(f"/{area}/")


@anonymous("Language, theme and size are anybody's choice.")
@require_POST
def preference(request: HttpRequest) -> HttpResponse:
    """Remember a choice of language, theme or size in a cookie, and go back."""
    back = request.POST.get("back", "/")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}):
        back = "/"
    response = HttpResponseRedirect(back)
    allowed = {
        settings.LANGUAGE_COOKIE_NAME: set(dict(settings.LANGUAGES)),
        "theme": {"", "light", "dark"},
        "size": {"", "large"},
    }
    for name, values in allowed.items():
        if request.POST.get(name) in values:
            response.set_cookie(name, request.POST[name], max_age=365 * 86_400, httponly=True, samesite="Lax")
    return response


@requires("policy.programme:read")
@require_GET
def desk(request: HttpRequest) -> HttpResponse:
    """今日: what is due today, each with its next step."""
    held = rights_of(request.user)
    blocks = []
    for item in sorted(desk_items.all(), key=lambda item: item.order):
        if item.right and item.right not in held:
            continue
        blocks.append({"item": item, **item.context(request)})
    return render(request, "site/desk_home.html", {"blocks": [b for b in blocks if b.get("rows")]})


@anonymous("The design system shows no data.")
@require_http_methods(["GET", "POST"])
def design(request: HttpRequest) -> HttpResponse:
    """Every part on one page; its sample forms come back here and change nothing."""
    return render(request, "site/design.html", design_context())
