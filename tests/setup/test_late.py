"""What a web process and a worker load at their start, and what waits until somebody decides about everybody."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
STARTED = "import django; django.setup(); from django.urls import get_resolver; get_resolver().url_patterns"
DECIDED = "from niangjia.engines.rules.sweep import overflows; overflows()"
TELL = "import sys; print(sorted({'duckdb', 'pyarrow'} & set(sys.modules)))"


@pytest.mark.parametrize(
    ("then", "loaded"), [("", "[]"), (DECIDED, "['duckdb']")], ids=["pages alone", "control: a sweep"]
)
def test_arrow_and_duckdb_wait_until_a_sweep_begins(then, loaded):
    done = subprocess.run(
        [sys.executable, "-c", "\n".join((STARTED, then, TELL))],
        cwd=ROOT,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "niangjia.site.settings"},
        check=True,
        capture_output=True,
        text=True,
    )

    assert done.stdout.strip() == loaded
