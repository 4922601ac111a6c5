"""An installation of its own for measuring: importing this sets Django up on a folder that is thrown away.

Whatever database and home the machine is set to are left alone; bench_start's children still see them.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from pathlib import Path

import django

DEMO_NOW = "2026-08-03T08:30"
ROOT = Path(__file__).resolve().parent.parent
HOME = Path(tempfile.mkdtemp(prefix="niangjia-bench-"))
atexit.register(shutil.rmtree, HOME, ignore_errors=True)

_before = dict(os.environ)
for _name in [name for name in os.environ if name.startswith("NIANGJIA_") or name == "DATABASE_URL"]:
    del os.environ[_name]
os.environ |= {
    "DJANGO_SETTINGS_MODULE": "niangjia.site.settings",
    "NIANGJIA_HOME": str(HOME),
    "NIANGJIA_DEMO_NOW": DEMO_NOW,
}
if "NIANGJIA_BENCH_DATABASE" in _before:
    os.environ["DATABASE_URL"] = _before["NIANGJIA_BENCH_DATABASE"]  # a throw-away one on PostgreSQL
django.setup()
os.environ.clear()
os.environ |= _before
