"""Cloudflare's API answers the real provider as it was answered when it was recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.localcloud.in_process import Process
from tests.localcloud.replaying import Replay, recordings

if TYPE_CHECKING:
    from pathlib import Path

NOT_HERE = {
    "cloudflare-deployment": "a version is deployed as it is uploaded",
    "cloudflare-worker": "Workers are uploaded as scripts",
    "cloudflare-workerversion": "Workers are uploaded as scripts",
}


@pytest.mark.parametrize("name", [name for name in recordings() if name not in NOT_HERE])
def test_the_real_provider_is_answered_as_it_was_recorded(name: str, tmp_path: Path) -> None:
    Replay(Process(tmp_path / "localcloud.db"), name).run()


def test_every_recording_is_replayed_or_said_not_to_be() -> None:
    assert set(NOT_HERE) < set(recordings())
    assert len(recordings()) > 35
