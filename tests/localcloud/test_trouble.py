"""A Worker that fails is reported, and the others go on."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import pytest

from tests.localcloud.running import WORKERS, result, wait_for

if TYPE_CHECKING:
    from tests.localcloud.running import LocalCloud


@pytest.fixture(scope="module")
def troubled(cloud: LocalCloud) -> LocalCloud:
    """A localcloud with a Worker that fails in every way, and one that never does."""
    secret = {"name": "SECRET_WORD", "type": "secret_text", "text": "swordfish"}
    result(cloud.upload("troublesome", (WORKERS / "troublesome.js").read_text(), [secret]))
    cloud.schedule("troublesome", "1 * * * *", "2 * * * *", "3 * * * *")
    result(cloud.upload("healthy", "export default { fetch() { return new Response('fine') } }"))
    return cloud


def said(cloud: LocalCloud) -> list[dict[str, Any]]:
    """Return what the troublesome Worker's log holds."""
    log: list[dict[str, Any]] = cloud.worker("troublesome")["log"]
    return log


def test_a_worker_that_throws_is_500_with_its_words(troubled: LocalCloud) -> None:
    answer = troubled.anybody.get("/workers/troublesome/throws")
    assert answer.status_code == 500
    assert answer.text == "TypeError: the sky fell\n"
    wait_for(
        lambda: [
            one
            for one in said(troubled)
            if one["level"] == "uncaught" and one["text"] == "TypeError: the sky fell"
        ],
        "the log holds what was thrown",
    )


def test_a_worker_that_hangs_is_504(troubled: LocalCloud) -> None:
    answer = troubled.anybody.get("/workers/troublesome/hangs")
    assert answer.status_code == 504
    assert "never answers" in answer.text
    assert [one for one in said(troubled) if "never answers" in one["text"]]


def test_a_worker_that_is_late_is_504_and_the_log_says_so(troubled: LocalCloud) -> None:
    answer = troubled.anybody.get("/workers/troublesome/late")
    assert answer.status_code == 504
    assert "within 3 s" in answer.text
    assert [one for one in said(troubled) if "within 3 s" in one["text"]]


def test_a_worker_that_never_yields_stops_nobody_else_and_is_started_again(
    troubled: LocalCloud,
) -> None:
    answers: list[int] = []

    def spin() -> None:
        answers.append(troubled.anybody.get("/workers/troublesome/spins").status_code)

    spinning = threading.Thread(target=spin)
    spinning.start()
    assert troubled.anybody.get("/workers/healthy/").text == "fine"
    spinning.join()
    assert answers == [504]
    wait_for(lambda: troubled.worker("troublesome")["restarts"], "the restart is told")
    assert troubled.anybody.get("/workers/troublesome/").text == "fine, this time"
    assert troubled.worker("healthy")["restarts"] == []


def test_nothing_that_is_told_holds_the_value_of_a_secret(troubled: LocalCloud) -> None:
    answer = troubled.anybody.get("/workers/troublesome/betrays")
    assert answer.text == "Error: do not tell: [SECRET_WORD]\n"
    wait_for(
        lambda: (
            {"the word is [SECRET_WORD]", "Error: do not tell: [SECRET_WORD]"}
            <= {one["text"] for one in said(troubled)}
        ),
        "the log holds what was said",
    )
    assert "swordfish" not in troubled.control.get("/workers").text
    assert "swordfish" not in (troubled.home / "localcloud.log").read_text()


@pytest.mark.parametrize(
    ("cron", "ok", "error"),
    [
        ("1 * * * *", False, "RangeError: no such hour"),
        ("2 * * * *", False, "The handler hangs"),
        ("3 * * * *", True, None),
    ],
)
def test_a_cron_run_tells_what_came_of_it(
    troubled: LocalCloud, cron: str, *, ok: bool, error: str | None
) -> None:
    (run,) = troubled.tick(cron=cron)
    assert (run["script"], run["cron"], run["ok"]) == ("troublesome", cron, ok)
    assert (run["error"] or "").startswith(error or "")
    assert troubled.worker("troublesome")["runs"][0]["error"] == run["error"]
