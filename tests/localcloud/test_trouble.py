"""A Worker that fails is reported, and the others go on."""

from __future__ import annotations

import json
import threading
from typing import TYPE_CHECKING, Any

import pytest
from websockets.sync.client import connect

from localcloud.runtime.journal import LINES_KEPT, LONGEST_LINE
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


ODD = """
const half = "\\ud83d";
export default {
  async fetch(request) {
    const { pathname } = new URL(request.url);
    if (pathname === "/halves") console.log(`half ${half}`, { [half]: half });
    if (pathname === "/controls") console.log("controls \\u0000\\u001b[2J\\u009b");
    if (pathname === "/long") console.log("long " + "\\u{1f600}".repeat(50_000));
    if (pathname === "/deep") {
      let deep = "deep";
      for (let level = 0; level < 400; level += 1) deep = [deep];
      console.log("deep", deep);
    }
    if (pathname === "/many") for (let i = 0; i < 500; i += 1) console.log(`many ${i}`);
    if (pathname === "/thrown") throw new Error(`thrown ${half} ${"y".repeat(50_000)}`);
    return new Response();
  },
  async scheduled() { throw new Error(`ran ${half} ${"y".repeat(50_000)}`); },
};
"""


@pytest.fixture(scope="module")
def odd(cloud: LocalCloud) -> LocalCloud:
    result(cloud.upload("odd", ODD))
    cloud.schedule("odd", "6 6 * * *")
    return cloud


@pytest.mark.parametrize(
    ("way", "text"),
    [
        ("halves", "half \ufffd {"),
        ("controls", "controls \0\x1b[2J\x9b"),
        ("long", "long \U0001f600"),
        ("deep", "deep [[["),
        ("many", "many 499"),
        ("thrown", "Error: thrown \ufffd"),
    ],
)
def test_whatever_a_worker_says_is_told(odd: LocalCloud, way: str, text: str) -> None:
    made = odd.control.post("/tails/odd").json()
    with connect(made["url"], proxy=None, max_size=None) as listener:
        odd.anybody.get(f"/workers/odd/{way}")
        event = json.loads(listener.recv(timeout=20))
    assert event["event"]["request"]["url"].endswith(way)

    def lines() -> list[str]:
        answer = odd.control.get("/workers")
        assert answer.status_code == 200
        said = next(one["log"] for one in answer.json() if one["script"] == "odd")
        return [line["text"] for line in said if line["text"].startswith(text)]

    wait_for(lines, "the log has it")


def test_a_long_line_is_cut_and_says_by_how_much(odd: LocalCloud) -> None:
    odd.anybody.get("/workers/odd/thrown")

    def thrown() -> list[dict[str, Any]]:
        return [one for one in odd.worker("odd")["log"] if one["text"].startswith("Error: thrown")]

    text = wait_for(thrown, "the log has it")[-1]["text"]
    kept = text.removesuffix(" more characters").rpartition(" … and ")[0]
    assert len(kept) == LONGEST_LINE
    assert text.endswith(f" … and {50_018 - LONGEST_LINE} more characters")


def test_the_last_lines_are_kept(odd: LocalCloud) -> None:
    odd.anybody.get("/workers/odd/many")
    wait_for(
        lambda: (
            odd.worker("odd")["log"][-1:] and odd.worker("odd")["log"][-1]["text"] == "many 499"
        ),
        "all came",
    )
    assert len(odd.worker("odd")["log"]) == LINES_KEPT


def test_an_odd_error_of_a_cron_is_told(odd: LocalCloud) -> None:
    (run,) = odd.tick(script="odd", cron="6 6 * * *")
    assert run["error"].startswith("Error: ran \ufffd")
    assert odd.worker("odd")["runs"][0]["error"] == run["error"]
    assert len(run["error"]) < LONGEST_LINE + 100
