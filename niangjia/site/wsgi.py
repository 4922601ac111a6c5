"""The door for the web server."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "niangjia.site.settings")
# Before the settings are read: only what answers pages is held to it.
os.environ.setdefault("NIANGJIA_STATEMENT_SECONDS", "10")
application = get_wsgi_application()
