"""Every address of the site; each room brings its own."""

from __future__ import annotations

from django.urls import include, path

from niangjia.benefits.urls import desk_urlpatterns, employer_urlpatterns, my_urlpatterns
from niangjia.cases.urls import desk_urlpatterns as cases_urlpatterns, public_urlpatterns as cases_public
from niangjia.site.views import home

handler400 = "niangjia.site.views.errors.bad_request"
handler404 = "niangjia.site.views.errors.not_found"
handler500 = "niangjia.site.views.errors.server_error"

urlpatterns = [
    path("", home.front, name="front"),
    path("", include("niangjia.accounts.urls")),
    path("", include(cases_public)),
    path("", include("niangjia.files.urls")),
    path("home/", home.landing, name="landing"),
    path("preference/", home.preference, name="preference"),
    path("design/", home.design, name="design"),
    path("desk/", home.desk, name="desk"),
    path("desk/", include("niangjia.policy.urls")),
    path("desk/", include("niangjia.visits.urls")),
    path("desk/", include("niangjia.people.urls")),
    path("desk/", include("niangjia.providers.urls")),
    path("desk/", include("niangjia.federation.urls")),
    path("desk/", include(cases_urlpatterns)),
    path("desk/", include(desk_urlpatterns)),
    path("my/", include(my_urlpatterns)),
    path("my/", include("niangjia.people.my_urls")),
    path("employer/", include(employer_urlpatterns)),
    path("partner/", include("niangjia.visits.partner_urls")),
]
