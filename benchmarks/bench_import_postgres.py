"""The same roster of 100,000 members, the demo county on PostgreSQL: its server works beside, on the same cores."""

from __future__ import annotations

import json
import subprocess
import sys

from benchmarks.million import own_database


def measure() -> dict[str, str]:
    """What `import` measures; the server's own work and memory are not in it, the seconds by the clock are."""
    # In a process of its own: this one may stand on another database already.
    done = subprocess.run([sys.executable, "-m", __name__], stdout=subprocess.PIPE, text=True)
    if done.returncode:
        raise RuntimeError(f"The measurement ended with {done.returncode}.")
    found: dict[str, str] = json.loads(done.stdout.splitlines()[-1])
    return found


if __name__ == "__main__":
    own_database()
    from benchmarks.bench_import import measure as imported  # Django starts on the database named above

    print(json.dumps(imported(), ensure_ascii=False))
