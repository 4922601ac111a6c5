"""Typed readings of the environment for the settings."""

from __future__ import annotations

import os
from datetime import datetime
from typing import Any
from urllib.parse import unquote, urlparse
from zoneinfo import ZoneInfo


def text(name: str, default: str = "") -> str:
    """A text setting, from NAME or from the file named by NAME_FILE."""
    path = os.environ.get(f"{name}_FILE")
    if path:
        with open(path, encoding="utf-8") as file:
            return file.read().strip()
    return os.environ.get(name, default)


def yes(name: str, default: bool = False) -> bool:
    """A yes/no setting; anything but 1/true/yes/on and 0/false/no/off/empty raises."""
    value = os.environ.get(name, "1" if default else "0").strip().lower()
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"0", "false", "no", "off", ""}:
        return False
    raise ValueError(f"{name} must be yes or no, not {value!r}")


def names(name: str, default: str = "") -> list[str]:
    """A list with commas between; blanks around a name do not belong to it."""
    return [one.strip() for one in text(name, default).split(",") if one.strip()]


HERE = "127.0.0.1,localhost,[::1],testserver"


def hosts() -> list[str]:
    """The names this installation answers to; any other gets a refusal."""
    return names("NIANGJIA_HOSTS", HERE)


def instant(name: str) -> datetime | None:
    """An instant such as 2026-08-03T08:30, local time; empty means none."""
    value = os.environ.get(name, "")
    if not value:
        return None
    return datetime.fromisoformat(value).replace(tzinfo=ZoneInfo("Asia/Shanghai"))


def database(url: str, sqlite_path: str, statement_seconds: int = 0) -> dict[str, Any]:
    """The database settings: PostgreSQL by address, else SQLite tuned for many writers.

    PostgreSQL ends a statement that takes longer than `statement_seconds`; 0 sets no end.

    SQLite with Django's defaults lost most concurrent writes to "database is locked";
    IMMEDIATE transactions, a write-ahead log and a patient timeout lose none.
    """
    if not url:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": sqlite_path,
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
                " PRAGMA cache_size=-65536; PRAGMA mmap_size=268435456; PRAGMA temp_store=MEMORY;",
            },
        }
    parts = urlparse(url)
    return {
        "ENGINE": "niangjia.core.postgresql",
        "NAME": parts.path.lstrip("/") or "niangjia",
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"options": f"-c lock_timeout=3000 -c statement_timeout={statement_seconds * 1000}"},
    }
