"""Who is asked, with which credentials, and that nothing of it stays open."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import httpx
import pytest

from engine.drift.differences import Subject
from engine.drift.examining import looked_at
from engine.drift.reading import Reader, accesses
from engine.drift.recorded import Recorded
from engine.drift.watched import Service
from engine.errors import EngineError

if TYPE_CHECKING:
    from engine.documents import Document, Json

VARIABLES = {
    "CLOUDFLARE_API_TOKEN": "t",
    "GRAFANA_URL": "https://g.example/",
    "GRAFANA_AUTH": "user:word",
}
QUEUE = "cloudflare:index/queue:Queue"


def provider(package: str, name: str = "default", **settings: Json) -> Recorded:
    kind = f"pulumi:providers:{package}"
    urn = f"urn:pulumi:s::belfry::{kind}::{name}"
    return Recorded(
        subject=Subject(urn=urn, type=kind, name=name),
        id="1",
        provider="",
        inputs=dict(settings),
        outputs={},
        written="",
    )


def of(one: Recorded, kind: str = QUEUE) -> Recorded:
    return Recorded(
        subject=Subject(urn=f"{one.subject.urn}::q", type=kind, name="q"),
        id="q",
        provider=one.subject.urn,
        inputs={},
        outputs={},
        written="",
    )


def by_urn(*providers: Recorded) -> dict[str, Recorded]:
    return {one.subject.urn: one for one in providers}


def test_credentials_come_from_the_provider_and_else_from_the_environment() -> None:
    edge, board = provider("cloudflare"), provider("grafana")
    told = accesses(by_urn(edge, board, provider("random")), VARIABLES, None)
    assert set(told) == {edge.subject.urn, board.subject.urn}
    assert told[edge.subject.urn].headers == {"Authorization": "Bearer t"}
    assert told[edge.subject.urn].url == "https://api.cloudflare.com/client/v4"
    assert told[board.subject.urn].url == "https://g.example/api"
    assert told[board.subject.urn].headers["Authorization"] == "Basic dXNlcjp3b3Jk"
    own = accesses(by_urn(provider("cloudflare", apiToken="own")), VARIABLES, None)
    assert own[edge.subject.urn].headers == {"Authorization": "Bearer own"}
    assert "own" not in repr(own)


def test_where_grafana_lets_everybody_in_nothing_is_sent() -> None:
    board = provider("grafana")
    told = accesses(by_urn(board), {**VARIABLES, "GRAFANA_AUTH": "anonymous"}, None)
    assert told[board.subject.urn].headers == {}


def test_each_resource_is_asked_for_with_its_own_providers_credentials() -> None:
    one = provider("cloudflare", "one", apiToken="first", baseUrl="https://one.example")
    two = provider("cloudflare", "two", apiToken="second", baseUrl="https://two.example")
    asked: list[tuple[str, str]] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append((str(request.url), request.headers["Authorization"]))
        return httpx.Response(200, json={"result": request.url.host})

    with Reader(accesses(by_urn(one, two), {}, None), httpx.MockTransport(answer)) as reader:
        told = [reader.read(Service.CLOUDFLARE, "/q", of(which)) for which in (one, two, one)]
    assert told == ["one.example", "two.example", "one.example"]
    assert asked == [
        ("https://one.example/q", "Bearer first"),
        ("https://two.example/q", "Bearer second"),
    ]


@pytest.mark.parametrize(("jurisdiction", "sent"), [("eu", "eu"), (None, None)])
@pytest.mark.parametrize("kind", ["Lifecycle", "Lock"])
def test_rules_of_a_bucket_are_asked_for_in_its_jurisdiction(
    kind: str, jurisdiction: str | None, sent: str | None
) -> None:
    one = provider("cloudflare", apiToken="t")
    inputs: Document = {"accountId": "a", "bucketName": "b", "jurisdiction": jurisdiction}
    bucket = of(one, f"cloudflare:index/r2Bucket{kind}:R2Bucket{kind}")
    asked: list[str | None] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.headers.get("cf-r2-jurisdiction"))
        return httpx.Response(200, json={"result": {"rules": []}})

    with Reader(accesses(by_urn(one), {}, None), httpx.MockTransport(answer)) as reader:
        looked_at(replace(bucket, inputs=inputs), reader)
        looked_at(replace(bucket, inputs={**inputs, "jurisdiction": "fedramp"}), reader)
    assert asked == [sent, "fedramp"], "a bucket of the same name elsewhere is another"


def test_a_stack_on_this_machine_is_asked_where_its_localcloud_is_now() -> None:
    edge = provider("cloudflare", apiToken="t", baseUrl="http://127.0.0.1:1/client/v4")
    board = provider("grafana", auth="t", url="http://127.0.0.1:1/grafana")
    told = accesses(by_urn(edge, board), {}, "http://127.0.0.1:2")
    assert told[edge.subject.urn].url == "http://127.0.0.1:2/client/v4"
    assert told[board.subject.urn].url == "http://127.0.0.1:2/grafana/api"


@pytest.mark.parametrize(
    ("package", "environment", "variable"),
    [
        ("cloudflare", {}, "CLOUDFLARE_API_TOKEN"),
        ("grafana", {}, "GRAFANA_URL"),
        ("grafana", {"GRAFANA_URL": "https://g.example"}, "GRAFANA_AUTH"),
    ],
)
def test_missing_credentials_are_named(
    package: str, environment: dict[str, str], variable: str
) -> None:
    with pytest.raises(EngineError, match=f"set {variable} "):
        accesses(by_urn(provider(package)), environment, None)


def test_no_connection_outlives_the_reader() -> None:
    transport = httpx.MockTransport(lambda _: httpx.Response(200, json={"result": {}}))
    one = provider("cloudflare", apiToken="t")
    with Reader(accesses(by_urn(one), {}, None), transport) as reader:
        reader.read(Service.CLOUDFLARE, "/q", of(one))
    with pytest.raises(RuntimeError, match="closed"):
        reader.read(Service.CLOUDFLARE, "/another", of(one))
