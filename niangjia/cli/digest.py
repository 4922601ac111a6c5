"""The keyed digest of stored decisions, from the installation's key file alone."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from cryptography.hazmat.primitives import hashes, hmac


def chain_digest(key_file: Path) -> Callable[[str], str]:
    """HMAC-SM3 with the chain key, the same that the site writes."""
    key = bytes.fromhex(json.loads(key_file.read_text(encoding="utf-8"))["chain"])

    def digest(text: str) -> str:
        mac = hmac.HMAC(key, hashes.SM3())
        mac.update(text.encode())
        return mac.finalize().hex()

    return digest
