"""The rows of this room."""

from __future__ import annotations

from niangjia.providers.models.provider import Contract, ContractEnd, Provider

__all__ = ["Contract", "ContractEnd", "Provider"]
