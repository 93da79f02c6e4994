"""Workers are changed one at a time, whole or not at all, whoever else changes them meanwhile."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from tests.localcloud.in_process import Answer, Process
from tests.localcloud.running import ACCOUNT, MODULE, TOKEN

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SCRIPTS = f"/client/v4/accounts/{ACCOUNT}/workers/scripts"
SCRIPT = f"{SCRIPTS}/teller"
SCOPE = f"accounts/{ACCOUNT}"
CODE = b"export default { fetch: () => new Response() }"


@dataclass(frozen=True, kw_only=True)
class Call:
    """One call of a client."""

    method: str
    path: str
    body: bytes = b""
    media_type: str = "application/json"


def upload(
    code: bytes = CODE, *, path: str = SCRIPT, main: str = "main.js", **metadata: object
) -> Call:
    """Return the upload of a Worker of one module."""
    told = {"main_module": main, **metadata}
    parts = [("metadata", "application/json", json.dumps(told).encode())]
    parts.append((main, MODULE, code))
    return _multipart("PUT", path, parts)


def classic(code: bytes) -> Call:
    """Return the upload of a Worker of the older format."""
    told = json.dumps({"body_part": "script"}).encode()
    script = ("script", "application/javascript", code)
    return _multipart("PUT", SCRIPT, [("metadata", "application/json", told), script])


def _multipart(method: str, path: str, parts: list[tuple[str, str, bytes]]) -> Call:
    body = b"".join(
        b"--edge\r\nContent-Disposition: form-data; "
        + f'name="{name}"; filename="{name}"\r\nContent-Type: {type_}\r\n\r\n'.encode()
        + content
        + b"\r\n"
        for name, type_, content in parts
    )
    media_type = "multipart/form-data; boundary=edge"
    return Call(method=method, path=path, body=body + b"--edge--\r\n", media_type=media_type)


def secret(name: str, value: str = "swordfish") -> Call:
    sent = {"name": name, "text": value, "type": "secret_text"}
    return Call(method="PUT", path=f"{SCRIPT}/secrets", body=json.dumps(sent).encode())


def forget(name: str) -> Call:
    return Call(method="DELETE", path=f"{SCRIPT}/secrets/{name}")


DELETE = Call(method="DELETE", path=SCRIPT)


def at_once(local: Process, *calls: Call) -> list[Answer]:
    """Send all calls at once."""

    async def all_of_them() -> list[Answer]:
        headers = {"authorization": f"Bearer {TOKEN}"}
        return await asyncio.gather(
            *(
                local.send(
                    call.method,
                    call.path,
                    headers={**headers, "content-type": call.media_type},
                    body=call.body,
                )
                for call in calls
            )
        )

    return asyncio.run(all_of_them())


def names(local: Process) -> list[str]:
    told = local.call("GET", f"{SCRIPT}/secrets").told["result"]
    return sorted(one["name"] for one in told)


def bound(local: Process) -> list[str]:
    told = local.call("GET", f"{SCRIPT}/settings").told["result"]["bindings"]
    return sorted(one["name"] for one in told)


@pytest.fixture
def local(tmp_path: Path) -> Iterator[Process]:
    process = Process(tmp_path / "objects.db")
    (made,) = at_once(process, upload())
    assert made.status == 200, made.body
    yield process
    process.close()


def test_of_secrets_that_are_put_at_once_none_is_lost(local: Process) -> None:
    wanted = [f"S{number}" for number in range(8)]
    answers = at_once(local, *map(secret, wanted))
    assert {answer.status for answer in answers} == {200}
    assert names(local) == bound(local) == wanted


def test_secrets_put_and_deleted_at_once_are_those_that_were_answered(local: Process) -> None:
    at_once(local, secret("OLD"))
    answers = at_once(local, secret("NEW"), forget("OLD"), secret("OTHER"))
    assert {answer.status for answer in answers} == {200}
    assert names(local) == bound(local) == ["NEW", "OTHER"]


@pytest.mark.parametrize("failure", ["does not start", ValueError("surprise"), None])
def test_a_secret_put_during_an_upload_stays_whatever_comes_of_the_upload(
    local: Process, failure: str | Exception | None
) -> None:
    local.still.failures = [failure]
    kept = upload(b"export default { fetch: () => 1 }", keep_bindings=["secret_text"])
    uploaded, put = _tolerant(local, kept, secret("WORD"))
    assert (uploaded is None or uploaded.status != 200) == (failure is not None)
    assert put is not None
    assert put.status == 200
    assert names(local) == ["WORD"]
    if failure is not None:
        assert CODE in local.call("GET", SCRIPT).body


def _tolerant(local: Process, *calls: Call) -> list[Answer | None]:
    """Send all calls at once; None: the server itself tells its log what went wrong."""

    async def one(call: Call) -> Answer | None:
        headers = {"authorization": f"Bearer {TOKEN}", "content-type": call.media_type}
        try:
            return await local.send(call.method, call.path, headers=headers, body=call.body)
        except ValueError:
            return None

    async def all_of_them() -> list[Answer | None]:
        return await asyncio.gather(*map(one, calls))

    return asyncio.run(all_of_them())


def test_a_worker_deleted_during_an_upload_that_fails_does_not_come_back(local: Process) -> None:
    local.still.failures = ["does not start"]
    uploaded, deleted = at_once(local, upload(b"new"), DELETE)
    assert (uploaded.status, deleted.status) == (400, 200)
    assert local.call("GET", SCRIPT).status == 404
    assert local.store.modules(SCOPE, "teller") == []


def test_a_worker_forgotten_while_it_starts_is_not_revived(local: Process) -> None:
    async def forgotten_meanwhile() -> Answer:
        local.still.failures = ["does not start"]
        call = upload(b"new")
        headers = {"authorization": f"Bearer {TOKEN}", "content-type": call.media_type}
        sent = asyncio.create_task(
            local.send(call.method, call.path, headers=headers, body=call.body)
        )
        while local.store.modules(SCOPE, "teller")[0].content != b"new":
            await asyncio.sleep(0)
        local.store.delete("scripts", SCOPE, "teller")
        return await sent

    assert asyncio.run(forgotten_meanwhile()).status == 400
    assert local.call("GET", SCRIPT).status == 404


def test_a_first_upload_that_fails_leaves_nothing(local: Process) -> None:
    local.still.failures = [RuntimeError("surprise")]
    with pytest.raises(RuntimeError):
        at_once(local, upload(path=f"{SCRIPTS}/other"))
    assert local.call("GET", f"{SCRIPTS}/other").status == 404
    assert local.store.modules(SCOPE, "other") == []


def test_a_script_of_the_older_format_need_not_be_utf_8_and_spoils_nothing(local: Process) -> None:
    (odd,) = at_once(local, classic(b"addEventListener('fetch', () => {}) // \xff\xfe"))
    assert odd.status == 200
    (other,) = at_once(local, upload(path=f"{SCRIPTS}/other"))
    assert other.status == 200


@pytest.mark.parametrize("name", ["m\u00e4in.js", "☃.js", 'a"b.js', "tab\t.js"])
def test_modules_whose_name_no_header_can_tell_are_refused(local: Process, name: str) -> None:
    told = json.dumps({"main_module": name}).encode()
    sent = name.replace('"', "%22")
    parts = [("metadata", "application/json", told), (sent, MODULE, CODE)]
    (answer,) = at_once(local, _multipart("PUT", SCRIPT, parts))
    assert answer.status == 400
    assert local.call("GET", SCRIPT).status == 200


@pytest.mark.parametrize("names", [("a.js", "a.js"), ("a.js", "localcloud-guard.mjs")])
def test_modules_of_one_name_are_refused(local: Process, names: tuple[str, str]) -> None:
    told = json.dumps({"main_module": names[0]}).encode()
    modules = [(name, MODULE, CODE) for name in names]
    parts = [("metadata", "application/json", told), *modules]
    (answer,) = at_once(local, _multipart("PUT", SCRIPT, parts))
    assert answer.status == 400
    assert names[1] in answer.told["errors"][0]["message"]
