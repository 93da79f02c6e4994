"""The one error of this layer."""

from __future__ import annotations


class EngineError(Exception):
    """Something that could not be run or got: in a sentence or two, what, and what to do."""
