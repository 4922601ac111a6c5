"""The door for the web server."""

from __future__ import annotations

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "niangjia.site.settings")
# Before the settings are read: only what answers pages is held to it.
os.environ.setdefault("NIANGJIA_STATEMENT_SECONDS", "10")
application = get_wsgi_application()
ROUTES = get_resolver().url_patterns  # every view is read now, not with the first page
# What the house is made of stays as long as the process, and a page leaves little that needs looking for: the search
# for garbage leaves the one out, and is made once for a dozen pages instead of a dozen times for one.
gc.collect()
gc.freeze()
gc.set_threshold(50_000, 20, 20)
