"""Every address of the site; each room brings its own."""

from __future__ import annotations

from django.urls import path

from niangjia.site.views import home

handler404 = "niangjia.site.views.errors.not_found"
handler500 = "niangjia.site.views.errors.server_error"

urlpatterns = [
    path("", home.front, name="front"),
    path("home/", home.landing, name="landing"),
    path("preference/", home.preference, name="preference"),
    path("desk/", home.desk, name="desk"),
    path("design/", home.design, name="design"),
]
