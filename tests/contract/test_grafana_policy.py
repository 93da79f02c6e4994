"""The notification policy tree: a stack's only when it says so, and never taken from another."""

from __future__ import annotations

import json
import threading
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import TYPE_CHECKING

import pytest

from belfry import votes
from belfry.compile import LocalAddress
from belfry.loading import load_platform
from belfry.problems import Problems
from engine.recorder import observe
from program.grafana_policy import check_grafana_policy, is_foreign
from program.settings import Localcloud, Settings
from tests.contract.test_program import ACCOUNT, CONFIG, ROOT, run_program
from tests.localcloud.running import start

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from belfry.language.platform import Platform
    from engine.recorder import Recording
    from program.grafana_policy import Tree

OWN = "pitchey-prod-vote"
FOREIGN: Tree = {"receiver": "people", "routes": [{"receiver": "people"}]}
DEFAULT: Tree = {"receiver": "grafana-default-email"}
SECRETS = (
    "discord-alerts",
    "incident-hook",
    "pagerduty",
    "slack-critical",
    "slack-warnings",
    "sms-token",
    "smtp-password",
    "vote-key",
)
OWNING = {
    **CONFIG,
    "belfry:ownsGrafanaPolicy": "true",
    "belfry:secrets": json.dumps(dict.fromkeys(SECRETS, "hush")),
}
SETTINGS = Settings(
    platform="pitchey",
    environment="prod",
    account=ACCOUNT,
    zone=ACCOUNT,
    workers_subdomain="pitchey",
    localcloud=None,
    owns_grafana_policy=True,
    secrets={},
    planning=False,
)
POLICY = "grafana:alerting/notificationPolicy:NotificationPolicy"


@contextmanager
def grafana(tree: object, status: int = 200) -> Iterator[tuple[str, list[Mapping[str, str]]]]:
    """Play Grafana with one answer; give its address and what it was asked with."""
    asked: list[Mapping[str, str]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append({"path": self.path, **dict(self.headers)})
            body = json.dumps(tree).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(autouse=True)
def _credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRAFANA_AUTH", "a-token")
    monkeypatch.setenv("GRAFANA_URL", "http://127.0.0.1:9")


def checked(*, preview: bool = False, owns: bool = True, settings: Settings = SETTINGS) -> None:
    """Ask as the program does, in a stack on real accounts unless it is said otherwise."""
    tree = votes.tree("pitchey-prod", platform(), "prod") if owns else None
    observe(lambda: check_grafana_policy(tree, settings), preview=preview)


@cache
def platform() -> Platform:
    return load_platform(ROOT / "platforms" / "pitchey.yaml", environment="prod")


def types(recording: Recording) -> set[str]:
    return {one.type for one in recording.resources}


@pytest.mark.parametrize("tree", [DEFAULT, {"receiver": OWN, "routes": [{"receiver": "x"}]}])
def test_a_tree_that_is_grafanas_own_or_ours_is_passed(
    tree: Tree, monkeypatch: pytest.MonkeyPatch
) -> None:
    with grafana(tree) as (url, asked):
        monkeypatch.setenv("GRAFANA_URL", f"{url}/sub/")
        checked()
    assert asked[0]["path"] == "/sub/api/v1/provisioning/policies"
    assert asked[0]["Authorization"] == "Bearer a-token"


def test_a_stack_that_owns_the_tree_writes_it_with_its_routes() -> None:
    made = run_program(OWNING, preview=True)
    (policy,) = [one for one in made.resources if one.type == POLICY]
    assert policy.inputs["contactPoint"] == OWN
    assert policy.inputs["policies"]


def test_a_foreign_tree_is_refused_before_anything_is_registered(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    registered: list[object] = []
    monkeypatch.setattr("program.register.register", registered.append)
    with grafana(FOREIGN) as (url, _):
        monkeypatch.setenv("GRAFANA_URL", url)
        with pytest.raises(Problems, match=r"belfry:ownsGrafanaPolicy  .*lead to people") as raised:
            run_program(OWNING, preview=False)
    assert registered == []
    assert "reset them in Grafana first" in str(raised.value)


def test_whoever_does_not_own_it_neither_asks_nor_writes() -> None:
    checked(owns=False)
    made = run_program({key: value for key, value in OWNING.items() if "owns" not in key})
    assert POLICY not in types(made)


def test_a_preview_asks_nothing() -> None:
    checked(preview=True)


def test_on_the_local_cloud_the_tree_is_asked_for_as_the_provider_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    running = start(tmp_path / "local")
    try:
        address = LocalAddress(url=running.url, smtp=running.smtp)
        here = replace(SETTINGS, localcloud=Localcloud(address=address, secret=running.secret))
        checked(settings=here)
        receivers = running.grafana.get("/api/v1/provisioning/policies").json()
        routes = [{"receiver": receivers["receiver"]}]
        theirs = {**receivers, "routes": routes}
        running.grafana.put("/api/v1/provisioning/policies", json=theirs).raise_for_status()
        with pytest.raises(Problems, match="this stack has not written them"):
            checked(settings=here)
    finally:
        running.stop()


def test_where_grafana_lets_everybody_in_no_token_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRAFANA_AUTH", "anonymous")
    with grafana(DEFAULT) as (url, asked):
        monkeypatch.setenv("GRAFANA_URL", url)
        checked()
    assert "Authorization" not in asked[0]


@pytest.mark.parametrize("status", [401, 403, 404, 500])
def test_where_grafana_does_not_tell_nothing_is_written(
    status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    with grafana({"message": "no"}, status) as (url, _):
        monkeypatch.setenv("GRAFANA_URL", url)
        with pytest.raises(Problems, match="does not tell which notification policies") as raised:
            checked()
    assert "a-token" not in str(raised.value)


def test_an_answer_that_is_no_tree_is_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    with grafana([]) as (url, _):
        monkeypatch.setenv("GRAFANA_URL", url)
        with pytest.raises(Problems, match="is no tree"):
            checked()


@pytest.mark.parametrize("missing", ["GRAFANA_URL", "GRAFANA_AUTH"])
def test_without_an_address_or_a_token_it_is_said_what_to_set(
    missing: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(missing)
    with pytest.raises(Problems, match=f"set {missing} "):
        checked()


def test_a_name_and_password_are_sent_with_the_organisation(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("GRAFANA_AUTH", "admin:admin")
    with grafana(DEFAULT) as (url, asked):
        monkeypatch.setenv("GRAFANA_URL", url)
        checked()
    assert asked[0]["Authorization"] == "Basic YWRtaW46YWRtaW4="
    assert asked[0]["X-Grafana-Org-Id"] == "1"


@pytest.mark.parametrize(
    ("tree", "foreign"),
    [
        ({}, False),
        ({"receiver": "empty", "routes": []}, False),
        ({"receiver": OWN}, False),
        ({"receiver": OWN, "routes": None}, False),
        ({"receiver": "people"}, True),
        ({"receiver": "grafana-default-email", "routes": [{}]}, True),
        ({"receiver": "shop-prod-vote", "routes": [{}]}, True),
    ],
)
def test_whose_a_tree_is_shows_in_where_it_leads(tree: Tree, *, foreign: bool) -> None:
    assert is_foreign(tree, own=OWN) is foreign
