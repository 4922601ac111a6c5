"""What every server and command of the browser tests has read before it begins: the whole house, once.

Nothing is asked of the database here: whoever is forked opens it, and finds its static files, himself.
"""

from __future__ import annotations

import gc

import django
from django.conf import settings
from django.template.loader import get_template
from django.urls import get_resolver
from django.utils import translation

django.setup()
get_resolver()._populate()  # every address, and with them every view
get_template("site/base.html")
for _code, _name in settings.LANGUAGES:
    with translation.override(_code):
        translation.gettext("")
gc.freeze()
