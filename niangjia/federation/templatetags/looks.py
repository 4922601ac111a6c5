"""What pages with sealed values ask about the reader's open task."""

from __future__ import annotations

from typing import Any

from django import template

from niangjia.federation.models import LookTask
from niangjia.federation.services.looks import open_task_of

register = template.Library()


@register.simple_tag
def open_look_task(user: Any) -> LookTask | None:
    """The task the reader has open at this moment, or nothing."""
    return open_task_of(user)
