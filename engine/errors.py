"""The one error of this layer."""

from __future__ import annotations


class EngineError(Exception):
    """Something that could not be run or got: one or two sentences that say what, and what to do."""
