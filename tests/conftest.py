"""What tests that no one room owns share: the demo county."""

from __future__ import annotations

from tests.demo_stage import built_county, county, own_county

__all__ = ["built_county", "county", "own_county"]
