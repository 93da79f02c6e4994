"""Deploying by version, as wrangler does with a Worker that is there already."""

from __future__ import annotations

import asyncio
from random import Random
from typing import TYPE_CHECKING

import pytest

from tests.fuzz.mutations import multipart
from tests.fuzz.recorded import Part
from tests.localcloud.in_process import Answer, Process
from tests.localcloud.running import ACCOUNT, MODULE, TOKEN

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

WORKERS = f"/client/v4/accounts/{ACCOUNT}/workers"
SHOP = f"{WORKERS}/scripts/shop"


@pytest.fixture
def local(tmp_path: Path) -> Iterator[Process]:
    process = Process(tmp_path / "objects.db")
    yield process
    process.store.close()


def upload(local: Process, method: str, path: str, code: str) -> Answer:
    metadata = {"main_module": "main.js", "compatibility_date": "2026-06-01"}
    parts = (
        Part(name="main.js", filename="main.js", media_type=MODULE, content=code),
        Part(name="metadata", filename=None, media_type="application/json", content=metadata),
    )
    media_type, body = multipart(parts, Random(1), odd=False)
    headers = {"authorization": f"Bearer {TOKEN}", "content-type": media_type}
    return asyncio.run(local.send(method, path, headers=headers, body=body))


def test_a_version_that_is_taken_runs_and_can_be_deployed(local: Process) -> None:
    assert upload(local, "PUT", SHOP, "export default {first: 1}").status == 200
    etag = local.call("GET", f"{SHOP}/content/v2").headers["etag"]
    version = upload(local, "POST", f"{SHOP}/versions", "export default {second: 2}").told["result"]
    assert version["resources"]["script"]["etag"] != etag.strip('"')
    assert b"second" in local.call("GET", f"{SHOP}/content/v2").body
    wanted = {"versions": [{"version_id": version["id"], "percentage": 100}]}
    deployed = local.call("POST", f"{SHOP}/deployments", wanted).told["result"]
    assert local.call("GET", f"{SHOP}/deployments").told["result"]["deployments"] == [deployed]


def test_a_version_that_is_no_more_cannot_be_deployed(local: Process) -> None:
    upload(local, "PUT", SHOP, "export default {}")
    gone = {"versions": [{"version_id": "0" * 32, "percentage": 100}]}
    assert local.call("POST", f"{SHOP}/deployments", gone).status == 404


def test_a_version_needs_its_worker(local: Process) -> None:
    assert upload(local, "POST", f"{SHOP}/versions", "export default {}").status == 404
    assert local.call("GET", SHOP).status == 404


def test_content_that_a_client_has_already_is_not_sent_again(local: Process) -> None:
    upload(local, "PUT", SHOP, "export default {}")
    etag = local.call("GET", SHOP).headers["etag"]
    assert local.call("GET", SHOP, headers={"if-none-match": f'"x", {etag}'}).status == 304


def test_the_worker_is_told_with_where_it_answers(local: Process) -> None:
    upload(local, "PUT", SHOP, "export default {}")
    local.call("POST", f"{SHOP}/subdomain", {"enabled": True})
    told = local.call("GET", f"{WORKERS}/workers/shop").told["result"]
    assert (told["name"], told["subdomain"]["enabled"]) == ("shop", True)
