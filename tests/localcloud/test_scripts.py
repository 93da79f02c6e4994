"""What the API tells of Workers, and which uploads it refuses."""

from __future__ import annotations

import json
from email import message_from_bytes, policy
from typing import TYPE_CHECKING

import pytest

from tests.localcloud.running import ACCOUNT, MODULE, refusal, result

if TYPE_CHECKING:
    import httpx

    from tests.localcloud.running import LocalCloud

WORKERS = f"/accounts/{ACCOUNT}/workers"
CODE = "export default { fetch() { return new Response('one') } }"
STATEFUL = """
import { DurableObject } from "cloudflare:workers";
export class Room extends DurableObject {}
export class Hall extends DurableObject {}
export default { fetch() { return new Response("fine") } };
"""
ROOM = {"name": "ROOM", "type": "durable_object_namespace", "class_name": "Room"}
FIRST = {"new_tag": "v1", "new_sqlite_classes": ["Room"]}


def path(script: str, more: str = "") -> str:
    return f"{WORKERS}/scripts/{script}{more}"


def parts(answer: httpx.Response) -> list[tuple[str | None, str, object]]:
    """Return name, media type and content of each part of a multipart answer."""
    header = f"Content-Type: {answer.headers['content-type']}\r\n\r\n".encode()
    message = message_from_bytes(header + answer.content, policy=policy.HTTP)
    return [
        (part.get_filename(), part.get_content_type(), part.get_payload(decode=True))
        for part in message.iter_parts()
    ]


def test_an_upload_tells_of_the_worker(cloud: LocalCloud) -> None:
    told = result(cloud.upload("plain", CODE))
    assert told["id"] == "plain"
    assert told["handlers"] == ["fetch"]
    assert (told["has_modules"], told["has_assets"]) == (True, False)
    assert told["startup_time_ms"] == result(cloud.upload("plain", CODE))["startup_time_ms"]
    assert "migration_tag" not in told


def test_the_digest_changes_with_the_code_alone(cloud: LocalCloud) -> None:
    first = result(cloud.upload("digest", CODE))["etag"]
    assert result(cloud.upload("digest", CODE))["etag"] == first
    assert result(cloud.upload("digest", CODE + "//"))["etag"] != first


def test_the_settings_tell_what_was_uploaded(cloud: LocalCloud) -> None:
    observability = {"enabled": True, "head_sampling_rate": 1}
    cloud.upload("settled", CODE, observability=observability)
    told = result(cloud.cloudflare.get(path("settled", "/settings")))
    assert told["placement"] == {}
    assert told["compatibility_date"] == "2026-06-01"
    assert told["compatibility_flags"] == ["nodejs_compat"]
    assert told["observability"] == observability
    assert told["bindings"] == []


def test_no_answer_holds_the_value_of_a_secret(cloud: LocalCloud) -> None:
    secret = {"name": "WORD", "type": "secret_text", "text": "swordfish"}
    answers = [
        cloud.upload("discreet", CODE, [secret, {"name": "A", "type": "plain_text", "text": "b"}]),
        *(
            cloud.cloudflare.get(path("discreet", more))
            for more in ("/settings", "/content/v2", "")
        ),
        cloud.cloudflare.get(f"{WORKERS}/services/discreet"),
        cloud.cloudflare.get(f"{WORKERS}/scripts"),
        cloud.control.get("/objects"),
        cloud.control.get("/workers"),
    ]
    assert [answer.status_code for answer in answers] == [200] * len(answers)
    assert not [answer for answer in answers if "swordfish" in answer.text]
    assert answers[1].json()["result"]["bindings"] == [
        {"name": "WORD", "type": "secret_text"},
        {"name": "A", "type": "plain_text", "text": "b"},
    ]


def test_secrets_that_an_upload_keeps_are_kept(cloud: LocalCloud) -> None:
    code = "export default { fetch(_, env) { return new Response(env.WORD) } }"
    cloud.upload("keeping", code, [{"name": "WORD", "type": "secret_text", "text": "swordfish"}])
    result(cloud.upload("keeping", code + "//", keep_bindings=["secret_text"]))
    assert cloud.anybody.get("/workers/keeping/").text == "swordfish"
    result(cloud.upload("keeping", code))
    assert cloud.anybody.get("/workers/keeping/").text == ""


def test_the_content_begins_with_the_main_module(cloud: LocalCloud) -> None:
    main = "import word from './word.js'; import text from './text.txt';\n"
    main += "export default { fetch() { return new Response(word + text) } };\n"
    metadata = {"main_module": "main.js", "compatibility_date": "2026-06-01"}
    answer = cloud.cloudflare.put(
        path("several"),
        files=[
            ("word.js", ("word.js", "export default 'wo';", MODULE)),
            ("text.txt", ("text.txt", "rd\r\n", "text/plain")),
            ("main.js", ("main.js", main, MODULE)),
            ("metadata", (None, json.dumps(metadata), "application/json")),
        ],
    )
    result(answer)
    assert cloud.anybody.get("/workers/several/").text == "word\r\n"
    told = cloud.cloudflare.get(path("several", "/content/v2"))
    assert parts(told) == [
        ("main.js", MODULE, main.encode()),
        ("word.js", MODULE, b"export default 'wo';"),
        ("text.txt", "text/plain", b"rd\r\n"),
    ]


def test_a_service_tells_of_its_script(cloud: LocalCloud) -> None:
    cloud.upload("served", CODE)
    told = result(cloud.cloudflare.get(f"{WORKERS}/services/served"))
    assert told["default_environment"]["environment"] == "production"
    assert told["default_environment"]["script"]["id"] == "served"


def test_the_list_tells_each_migration_tag(cloud: LocalCloud) -> None:
    cloud.upload("tagged", STATEFUL, [ROOM], migrations=FIRST)
    cloud.upload("untagged", CODE)
    listed = {one["id"]: one for one in result(cloud.cloudflare.get(f"{WORKERS}/scripts"))}
    assert listed["tagged"]["migration_tag"] == "v1"
    assert "migration_tag" not in listed["untagged"]


def test_the_same_migration_twice_is_refused_and_none_is_not(cloud: LocalCloud) -> None:
    told = result(cloud.upload("twice", STATEFUL, [ROOM], migrations=FIRST))
    assert told["migration_tag"] == "v1"
    again = cloud.upload("twice", STATEFUL + "//", [ROOM], migrations=FIRST)
    assert refusal(again) == (412, 10079)
    assert "expected 'v1'" in again.json()["errors"][0]["message"]
    assert result(cloud.upload("twice", STATEFUL + "//", [ROOM]))["migration_tag"] == "v1"


def test_a_migration_goes_on_from_the_present_tag_alone(cloud: LocalCloud) -> None:
    hall = {"name": "HALL", "type": "durable_object_namespace", "class_name": "Hall"}
    second = {"old_tag": "v1", "new_tag": "v2", "steps": [{"new_sqlite_classes": ["Hall"]}]}
    absent = cloud.upload("onward", STATEFUL, [ROOM], migrations=second)
    assert refusal(absent) == (412, 10079)
    assert "expected None" in absent.json()["errors"][0]["message"]
    cloud.upload("onward", STATEFUL, [ROOM], migrations=FIRST)
    told = result(cloud.upload("onward", STATEFUL, [ROOM, hall], migrations=second))
    assert told["migration_tag"] == "v2"
    bindings = result(cloud.cloudflare.get(path("onward", "/settings")))["bindings"]
    ids = [binding["namespace_id"] for binding in bindings]
    assert len(set(ids)) == 2


def test_a_class_renamed_keeps_its_storage_and_one_deleted_loses_it(cloud: LocalCloud) -> None:
    def namespaces() -> dict[str, str]:
        bindings = result(cloud.cloudflare.get(path("moving", "/settings")))["bindings"]
        return {binding["class_name"]: binding["namespace_id"] for binding in bindings}

    cloud.upload("moving", STATEFUL, [ROOM], migrations=FIRST)
    before = namespaces()["Room"]
    renaming = {
        "old_tag": "v1",
        "new_tag": "v2",
        "renamed_classes": [{"from": "Room", "to": "Hall"}],
    }
    hall = {**ROOM, "class_name": "Hall"}
    result(cloud.upload("moving", STATEFUL, [hall], migrations=renaming))
    assert namespaces() == {"Hall": before}
    deleting = {"old_tag": "v2", "new_tag": "v3", "deleted_classes": ["Hall"]}
    assert refusal(cloud.upload("moving", STATEFUL, [hall], migrations=deleting)) == (400, 10061)
    result(cloud.upload("moving", STATEFUL, migrations=deleting))


@pytest.mark.parametrize(
    ("binding", "code"),
    [
        (ROOM, 10061),
        ({"name": "KV", "type": "kv_namespace", "namespace_id": "0" * 32}, 10041),
        ({"name": "R2", "type": "r2_bucket", "bucket_name": "nowhere"}, 10085),
        ({"name": "Q", "type": "queue", "queue_name": "nowhere"}, 11000),
        ({"name": "AI", "type": "crystal_ball"}, 10021),
    ],
)
def test_a_binding_to_nothing_is_refused(
    cloud: LocalCloud, binding: dict[str, str], code: int
) -> None:
    assert refusal(cloud.upload("unbound", STATEFUL, [binding])) == (400, code)
    assert refusal(cloud.cloudflare.get(path("unbound", "/settings"))) == (404, 10007)


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("throw new Error('not today'); export default {}", "Uncaught Error: not today"),
        ("export default { fetch( }", "SyntaxError"),
        ("import x from './nowhere.js'; export default {}", "nowhere.js"),
    ],
)
def test_code_that_cannot_start_is_refused_with_its_own_words(
    cloud: LocalCloud, code: str, reason: str
) -> None:
    answer = cloud.upload("stillborn", code)
    assert refusal(answer) == (400, 10021)
    assert reason in answer.json()["errors"][0]["message"]
    assert cloud.anybody.get("/workers/stillborn/").status_code == 404


def test_a_class_that_the_code_does_not_export_is_refused(cloud: LocalCloud) -> None:
    answer = cloud.upload("classless", CODE, [ROOM], migrations=FIRST)
    assert refusal(answer) == (400, 10021)
    assert "Room" in answer.json()["errors"][0]["message"]


def test_a_refused_upload_leaves_the_earlier_one_running(cloud: LocalCloud) -> None:
    cloud.upload("steadfast", CODE)
    assert cloud.upload("steadfast", "throw 1").status_code == 400
    assert cloud.anybody.get("/workers/steadfast/").text == "one"
    told = cloud.cloudflare.get(path("steadfast", "/content/v2"))
    assert parts(told) == [("main.js", MODULE, CODE.encode())]


def test_an_upload_without_metadata_or_main_module_is_refused(cloud: LocalCloud) -> None:
    module = ("main.js", ("main.js", CODE, MODULE))
    empty = ("metadata", (None, "", "application/json"))
    other = ("metadata", (None, '{"main_module": "other.js"}', "application/json"))
    assert refusal(cloud.cloudflare.put(path("partial"), files=[module])) == (400, 10056)
    assert refusal(cloud.cloudflare.put(path("partial"), files=[module, empty])) == (400, 10056)
    assert refusal(cloud.cloudflare.put(path("partial"), files=[module, other])) == (400, 10021)
    assert refusal(cloud.cloudflare.put(path("partial"), json={})) == (400, 10001)


def test_a_name_that_no_worker_may_have_is_refused(cloud: LocalCloud) -> None:
    assert refusal(cloud.upload("No-Worker", CODE)) == (400, 10016)


def test_schedules_are_replaced_as_a_whole(cloud: LocalCloud) -> None:
    cloud.upload("timed", CODE)
    cloud.schedule("timed", "* * * * *", "17 * * * *")
    cloud.schedule("timed", "17 * * * *", "30 2 * * SUN")
    told = result(cloud.cloudflare.get(path("timed", "/schedules")))["schedules"]
    assert [one["cron"] for one in told] == ["17 * * * *", "30 2 * * SUN"]
    wrong = cloud.cloudflare.put(path("timed", "/schedules"), json=[{"cron": "61 * * * *"}])
    assert refusal(wrong) == (400, 10100)


def test_the_subdomain_is_off_until_it_is_switched_on(cloud: LocalCloud) -> None:
    cloud.upload("public", CODE)
    off = {"enabled": False, "previews_enabled": False}
    on = {"enabled": True, "previews_enabled": False}
    assert result(cloud.cloudflare.get(path("public", "/subdomain"))) == off
    assert result(cloud.cloudflare.post(path("public", "/subdomain"), json=on)) == on
    assert result(cloud.cloudflare.get(path("public", "/subdomain"))) == on
    assert result(cloud.cloudflare.delete(path("public", "/subdomain"))) == off


def test_a_deleted_worker_takes_its_triggers_along(cloud: LocalCloud) -> None:
    cloud.upload("gone", CODE)
    cloud.schedule("gone", "* * * * *")
    assert result(cloud.cloudflare.delete(path("gone"))) is None
    assert cloud.anybody.get("/workers/gone/").status_code == 404
    cloud.upload("gone", CODE)
    assert result(cloud.cloudflare.get(path("gone", "/schedules"))) == {"schedules": []}
