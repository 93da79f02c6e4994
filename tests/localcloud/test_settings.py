"""What of a Worker can be changed without an upload."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.localcloud.running import ACCOUNT, refusal, result

if TYPE_CHECKING:
    import httpx

    from tests.localcloud.running import LocalCloud

SCRIPT = f"/accounts/{ACCOUNT}/workers/scripts/teller"
CODE = """export default { fetch: (_, env) => Response.json(env) }"""
VARIABLE = {"name": "PLACE", "type": "plain_text", "text": "here"}
SECRET = {"name": "WORD", "type": "secret_text", "text": "swordfish"}


@pytest.fixture(autouse=True)
def _teller(cloud: LocalCloud) -> None:
    result(cloud.upload("teller", CODE, [VARIABLE, SECRET]))


def told(cloud: LocalCloud) -> Any:
    return cloud.anybody.get("/workers/teller/").json()


def patch(cloud: LocalCloud, **settings: object) -> httpx.Response:
    part = (None, json.dumps(settings), "application/json")
    return cloud.cloudflare.patch(f"{SCRIPT}/settings", files={"settings": part})


def test_a_secret_is_put_listed_and_deleted_and_never_told(cloud: LocalCloud) -> None:
    secret = {"name": "TOKEN", "text": "hush", "type": "secret_text"}
    put = cloud.cloudflare.put(f"{SCRIPT}/secrets", json=secret)
    assert result(put) == {"name": "TOKEN", "type": "secret_text"}
    assert told(cloud) == {"PLACE": "here", "WORD": "swordfish", "TOKEN": "hush"}
    listed = cloud.cloudflare.get(f"{SCRIPT}/secrets")
    assert [one["name"] for one in result(listed)] == ["TOKEN", "WORD"]
    assert "hush" not in listed.text
    result(cloud.cloudflare.delete(f"{SCRIPT}/secrets/TOKEN"))
    assert told(cloud) == {"PLACE": "here", "WORD": "swordfish"}
    assert refusal(cloud.cloudflare.delete(f"{SCRIPT}/secrets/TOKEN")) == (404, 10056)


def test_bindings_are_patched_and_those_to_inherit_stay(cloud: LocalCloud) -> None:
    other = {"name": "FLAGS", "type": "json", "json": [1]}
    kept = {"name": "WORD", "type": "inherit"}
    settings = result(patch(cloud, bindings=[kept, other], compatibility_date="2026-05-01"))
    assert settings["compatibility_date"] == "2026-05-01"
    assert [one["name"] for one in settings["bindings"]] == ["WORD", "FLAGS"]
    assert told(cloud) == {"WORD": "swordfish", "FLAGS": [1]}


def test_what_is_not_patched_stays(cloud: LocalCloud) -> None:
    assert result(patch(cloud, tags=["mine"]))["tags"] == ["mine"]
    assert told(cloud) == {"PLACE": "here", "WORD": "swordfish"}
    of_script = f"{SCRIPT}/script-settings"
    assert result(cloud.cloudflare.patch(of_script, json={"logpush": True}))["logpush"] is True
    assert result(cloud.cloudflare.get(of_script))["tags"] == ["mine"]


def test_settings_with_which_a_worker_cannot_be_are_refused_and_change_nothing(
    cloud: LocalCloud,
) -> None:
    nowhere = {"name": "KV", "type": "kv_namespace", "namespace_id": "0" * 32}
    assert refusal(patch(cloud, bindings=[nowhere])) == (400, 10041)
    lost = {"name": "NEVER", "type": "inherit"}
    assert refusal(patch(cloud, bindings=[lost])) == (400, 10057)
    large = {"name": "BIG", "text": "b" * 5121, "type": "secret_text"}
    assert refusal(cloud.cloudflare.put(f"{SCRIPT}/secrets", json=large)) == (400, 10021)
    assert (
        refusal(cloud.cloudflare.patch(f"{SCRIPT}/settings", files={"x": (None, "{}")}))[0] == 400
    )
    assert told(cloud) == {"PLACE": "here", "WORD": "swordfish"}


def test_an_upload_may_inherit_bindings(cloud: LocalCloud) -> None:
    result(cloud.upload("teller", CODE, [{"name": "WORD", "type": "inherit"}]))
    assert told(cloud) == {"WORD": "swordfish"}


@pytest.mark.parametrize(
    "settings",
    [
        {"tail_consumers": 7},
        {"limits": 7},
        {"compatibility_flags": [7]},
        {"compatibility_date": "yesterday"},
        {"bindings": [{"name": "B", "type": "ratelimit", "namespace_id": "1", "simple": 7}]},
        {"bindings": [{"name": "B", "type": "ratelimit", "simple": {"limit": "x", "period": 1}}]},
        {"bindings": [{"name": "B", "type": "analytics_engine"}]},
        {"bindings": [{"name": "B", "type": "service", "service": "teller", "entrypoint": 7}]},
    ],
    ids=json.dumps,
)
def test_settings_of_another_kind_are_refused_and_other_workers_go_on(
    cloud: LocalCloud, settings: dict[str, Any]
) -> None:
    assert patch(cloud, **settings).status_code == 400
    assert told(cloud) == {"PLACE": "here", "WORD": "swordfish"}
    rest = {name: value for name, value in settings.items() if name != "bindings"}
    bindings = settings.get("bindings", [VARIABLE, SECRET])
    uploaded = cloud.upload("teller", CODE, bindings, **rest)
    assert uploaded.status_code == 400
    assert told(cloud) == {"PLACE": "here", "WORD": "swordfish"}
