"""Sessions in the database, as Django keeps them; only the statement that finds one is put together once."""

from __future__ import annotations

from typing import Any

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.models import Session
from django.db.models import CharField
from django.db.models.functions import Now

from niangjia.core.prepared import Asked, Prepared

# Not the house's clock: Django writes the end of a session by the machine's.
_open = Prepared(lambda: Session.objects.filter(session_key=Asked("key", CharField()), expire_date__gt=Now()))


class SessionStore(DatabaseStore):
    """One session."""

    def _get_session_from_db(self) -> Any:
        found = _open(key=self.session_key)
        if not found:
            self._session_key = None
        return found[0] if found else None
