"""What the parity suite tells beside its results."""

from __future__ import annotations

import pytest

DIFFERENCES = pytest.StashKey[list[str]]()
"""Differences from the recordings that are not held against a plugin, of a whole run."""
