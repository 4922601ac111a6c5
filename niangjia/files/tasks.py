"""What this room does by itself."""

from __future__ import annotations

from niangjia.core.duties import register_duty
from niangjia.files.services.contents import seal_old
from niangjia.files.services.papers import forget_dropped
from niangjia.files.services.uploads import forget_parts


def register() -> None:
    """Offer the duties that forget, and the one that seals what was stored unsealed."""
    register_duty("files.parts.forget", "15 * * * *", forget_parts)
    register_duty("files.papers.forget", "20 3 * * *", forget_dropped)
    register_duty("files.contents.seal", "30 3 * * *", seal_old)
