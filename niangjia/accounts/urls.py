"""The addresses of logging in and out."""

from __future__ import annotations

from django.urls import path

from niangjia.accounts.views import login

urlpatterns = [
    path("login/", login.login, name="login"),
    path("login/code/", login.code, name="login_code"),
    path("login/password/", login.password, name="login_password"),
    path("login/kept/", login.kept, name="login_kept"),
    path("logout/", login.logout, name="logout"),
]
