"""When a stand-in repeats a call, and when it does not."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

import pytest

from engine.standins.api import CLOUDFLARE_RETRY, GRAFANA_RETRY, Api, ApiError, Retry
from tests.engine.scripted import Script, serving

if TYPE_CHECKING:
    from collections.abc import Iterator

DELAYS = (0.01, 0.01)


def quick(retry: Retry) -> Retry:
    return Retry(statuses=retry.statuses, delays=DELAYS, heeds_server=retry.heeds_server)


@pytest.fixture
def script() -> Script:
    return Script()


@pytest.fixture
def url(script: Script) -> Iterator[str]:
    with serving(script) as address:
        yield address


def calls(script: Script, url: str, retry: Retry, answers: list[dict[str, object]]) -> int:
    script.expected = [{"answer": answer} for answer in answers]
    api = Api(base=url, headers={}, retry=retry)
    api.call("POST", "/x", body={})
    api.close()
    return len(script.received)


OK = {"status": 200, "json": {}}


@pytest.mark.parametrize("status", [409, 429, 500, 503])
def test_cloudflares_repeats_what_may_pass(script: Script, url: str, status: int) -> None:
    assert calls(script, url, quick(CLOUDFLARE_RETRY), [{"status": status}, OK]) == 2


@pytest.mark.parametrize("status", [400, 401, 403, 404, 412, 422])
def test_cloudflares_repeats_nothing_else(script: Script, url: str, status: int) -> None:
    assert calls(script, url, quick(CLOUDFLARE_RETRY), [{"status": status}, OK]) == 1


@pytest.mark.parametrize(("status", "count"), [(401, 2), (412, 2), (503, 2), (400, 1), (409, 1)])
def test_grafanas_repeats_its_own_statuses(
    script: Script, url: str, status: int, count: int
) -> None:
    assert calls(script, url, quick(GRAFANA_RETRY), [{"status": status}, OK]) == count


def test_it_gives_up_after_the_last_delay(script: Script, url: str) -> None:
    answers: list[dict[str, object]] = [{"status": 500}] * 9
    assert calls(script, url, quick(CLOUDFLARE_RETRY), answers) == len(DELAYS) + 1


@pytest.mark.parametrize(
    ("headers", "status", "count"),
    [
        ({"x-should-retry": "false"}, 500, 1),
        ({"x-should-retry": "true"}, 400, 2),
        ({"retry-after": "0"}, 500, 2),
        ({"retry-after-ms": "1"}, 500, 2),
        ({"retry-after": "not a number"}, 500, 2),
    ],
)
def test_cloudflares_heeds_what_the_service_says(
    script: Script, url: str, headers: dict[str, str], status: int, count: int
) -> None:
    answers: list[dict[str, object]] = [{"status": status, "headers": headers}, OK]
    assert calls(script, url, quick(CLOUDFLARE_RETRY), answers) == count


def test_a_cancelled_wait_ends_at_once(script: Script, url: str) -> None:
    script.expected = [{"answer": {"status": 500}}] * 2
    slow = Retry(statuses=CLOUDFLARE_RETRY.statuses, delays=(60.0,), heeds_server=True)
    api = Api(base=url, headers={}, retry=slow)
    threading.Timer(0.1, api.cancel).start()
    started = time.monotonic()
    with pytest.raises(ApiError, match="cancelled"):
        api.call("GET", "/x")
    api.close()
    assert time.monotonic() - started < 30


def test_a_service_that_is_not_there_is_told() -> None:
    api = Api(base="http://127.0.0.1:9", headers={}, retry=CLOUDFLARE_RETRY)
    with pytest.raises(ApiError, match="Does localcloud run"):
        api.call("GET", "/x")
    api.close()
