"""`python -m niangjia.cli`."""

from __future__ import annotations

import sys

from niangjia.cli.main import main

sys.exit(main())
