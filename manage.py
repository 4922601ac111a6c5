"""Django's command line, for those who run the installation."""

from __future__ import annotations

import os
import sys

try:
    from django.core.management import execute_from_command_line

    if __name__ == "__main__":
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "niangjia.site.settings")
        execute_from_command_line(sys.argv)
except KeyboardInterrupt:
    sys.exit(130)  # stopped by hand, also while still starting: no traceback
