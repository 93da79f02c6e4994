"""The page on which people answer an incident: a real Worker's, opened by the link of a message."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.localcloud.running import ACCOUNT, ROOT, result, start, wait_for

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.browser.driving import Browser, Page
    from tests.localcloud.running import LocalCloud

SCRIPT = "monitoring"
CODE = ROOT / "worker" / "dist" / "monitoring.js"
HOSTILE = "<img src=x onerror=document.title=1> is down"


def configuration(cloud: LocalCloud) -> dict[str, Any]:
    """A platform of one service, which nothing answers for."""
    address = f"{cloud.url}/workers/{SCRIPT}/monitoring/incidents/${{incident}}"
    severity = {"rank": 0, "answer": 900, "resolve": 3600}
    step = {"to": ["hook"], "onCall": [], "after": 0, "active": [], "mute": []}
    check = {"id": "api-health", "service": "api", "through": None, "url": "http://127.0.0.1:1/"}
    rule = {"id": "edge/Down/api", "rule": "Down", "set": "edge", "service": "api"}
    return {
        "version": 2,
        "platform": "shop",
        "environment": "local",
        "paging": "worker",
        "services": {"api": {"needs": [], "checks": ["api-health"]}},
        "checks": [
            {
                **check,
                "method": "GET",
                "headers": {},
                "expect": {"status": [200], "body": None},
                "every": 60,
                "timeout": 1,
                "confirmations": 0,
            }
        ],
        "rules": [
            {
                **rule,
                "severity": "P0",
                "condition": {"is": "down"},
                "for": 0,
                "noData": {"is": "ok", "after": 180},
                "summary": HOSTILE,
                "description": "Nothing works without it.",
                "runbook": "https://runbooks.example/Down",
                "route": 0,
            }
        ],
        "routes": [{"steps": [step]}],
        "times": {},
        "rotations": {},
        "telling": {"coolDown": 0, "repeat": None, "limit": None},
        "severities": {"P0": severity},
        "channels": {"hook": {"kind": "webhook", "url": None, "secret": "SECRET_HOOK"}},
        "recoverAfter": 2,
        "settle": 5,
        "links": {"dashboard": None, "status": None, "incident": address},
        "retention": {"observations": 604800, "archive": 2592000},
    }


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[LocalCloud]:
    """A localcloud whose monitoring Worker runs when it is told to. Needs the browser first."""
    assert browser
    running = start(tmp_path_factory.mktemp("incident") / "local")
    running.control.post("/crons", json={"paused": True})
    deploy(running)
    yield running
    assert running.stop() == 0


def deploy(cloud: LocalCloud) -> None:
    namespace = cloud.namespace(SCRIPT)
    account = f"/accounts/{ACCOUNT}"
    values = f"{account}/storage/kv/namespaces/{namespace}/values/config"
    result(cloud.cloudflare.put(values, content=json.dumps(configuration(cloud))))
    result(cloud.cloudflare.post(f"{account}/r2/buckets", json={"name": SCRIPT}))
    result(cloud.cloudflare.post(f"{account}/queues", json={"queue_name": SCRIPT}))
    classes = ("Observations", "Coordinator")
    bindings: list[dict[str, Any]] = [
        {"name": "CONFIG", "type": "kv_namespace", "namespace_id": namespace},
        {"name": "ARCHIVE", "type": "r2_bucket", "bucket_name": SCRIPT},
        {"name": "SHARDS", "type": "queue", "queue_name": SCRIPT},
        *(
            {"name": name.upper(), "type": "durable_object_namespace", "class_name": name}
            for name in classes
        ),
        {
            "name": "SECRET_HOOK",
            "type": "secret_text",
            "text": f"{cloud.url}/inbox/webhook/hook/{cloud.secret}",
        },
    ]
    migrations = {"new_tag": "v1", "new_sqlite_classes": classes}
    code = CODE.read_text(encoding="utf-8")
    result(cloud.upload(SCRIPT, code, bindings, migrations=migrations))
    cloud.schedule(SCRIPT, "* * * * *")


@pytest.fixture(scope="module")
def message(cloud: LocalCloud) -> dict[str, Any]:
    """What the hook was told when the incident opened."""
    cloud.tick()
    return heard(cloud, "opened")


def heard(cloud: LocalCloud, kind: str) -> dict[str, Any]:
    """Wait for the last message of a kind."""

    def look() -> dict[str, Any]:
        inbox = cloud.control.get("/inbox").json()
        return next((one["payload"] for one in inbox if one["kind"] == kind), {})

    return wait_for(look, f"a message {kind}")


@pytest.fixture
def visit(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Opens addresses, and waits until the page says how the incident stands."""
    pages: list[Page] = []

    def opened(url: str, *, width: int = 390, scheme: str = "light") -> Page:
        pages.append(browser.open(url, width, scheme))
        pages[-1].until("!document.querySelector('#standing').textContent.startsWith('Asking')")
        return pages[-1]

    yield opened
    for page in pages:
        page.close()


def test_whoever_follows_the_link_sees_it_answers_it_and_takes_it_back(
    cloud: LocalCloud, message: dict[str, Any], visit: Callable[..., Page]
) -> None:
    page = visit(message["acknowledge"])
    assert page.text("h1") == f"[P0] api: {HOSTILE} (shop, local)"
    assert page.text("#standing") == "Nobody has acknowledged it."
    assert page.texts("nav a") == ["Runbook"]
    assert page.value("document.activeElement.id") == "acknowledge"
    page.call("fill", "#by", "Anna")
    page.click("#acknowledge")
    page.until("document.querySelector('#standing').textContent.startsWith('Acknowledged by Anna')")
    assert "everybody is told again" in page.text("#standing")
    assert heard(cloud, "acknowledged")["by"] == "Anna"
    page.call("reload")
    page.until("document.querySelector('#acknowledge').disabled && document.title !== 'Incident'")
    assert page.value("document.querySelector('#by').value") == "Anna", "it knows who it was"

    again = visit(message["silence"])
    assert again.text("#standing").startswith("Acknowledged by Anna")
    assert again.value("document.activeElement.id") == "silence"
    again.call("fill", "#by", "Anna")
    again.call("selectOption", "#seconds", "14400")
    again.click("#silence")
    again.until("document.querySelector('#standing').textContent.startsWith('Silenced by Anna')")
    again.click("#release")
    again.until("document.querySelector('#standing').textContent === 'Nobody has acknowledged it.'")
    assert not [*page.troubles(), *again.troubles()]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_can_be_read_and_used_by_all(
    message: dict[str, Any], visit: Callable[..., Page], scheme: str
) -> None:
    page = visit(message["acknowledge"], width=320, scheme=scheme)
    assert page.too_wide() <= 0
    assert page.faults_of_access() == []


def test_without_its_key_the_page_shows_nothing(
    message: dict[str, Any], visit: Callable[..., Page]
) -> None:
    page = visit(message["acknowledge"].partition("#")[0])
    assert page.text("#standing").startswith("Not done: the key is wrong or missing")
    assert page.text("h1") == "Incident"
    assert page.value("document.querySelector('#answers').hidden") is True
