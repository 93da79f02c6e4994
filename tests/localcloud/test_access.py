"""Who may do what: Cloudflare's tokens and Grafana's roles."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from localcloud.cloudflare.access.groups import FAMILIES, GROUPS, Family, Reach, Right, family_of
from localcloud.grafana.roles import Role, need_of
from localcloud.moments import now, plain
from tests.localcloud.in_process import Answer, Process
from tests.localcloud.running import ACCOUNT, TOKEN, ZONE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from localcloud.documents import Document

VALUE = "issued" * 8
ACCOUNTS = f"/client/v4/accounts/{ACCOUNT}"
ZONES = f"/client/v4/zones/{ZONE}"
QUEUES = f"{ACCOUNTS}/queues"
OPEN = {
    "/client/v4/user",
    "/client/v4/accounts",
    "/client/v4/zones",
    "/client/v4/memberships",
    "/client/v4/user/tokens/verify",
    "/client/v4/accounts/{scope}/tokens/verify",
}


@pytest.fixture
def local(tmp_path: Path) -> Iterator[Process]:
    process = Process(tmp_path / "objects.db")
    yield process
    process.store.close()


def policy(
    groups: Iterable[str], *, effect: str = "allow", resources: object = None
) -> dict[str, Any]:
    names = set(groups)
    usual = {
        f"com.cloudflare.api.account.{ACCOUNT}": "*",
        f"com.cloudflare.api.account.zone.{ZONE}": "*",
    }
    return {
        "effect": effect,
        "permission_groups": [{"id": group.id} for group in GROUPS if group.name in names],
        "resources": usual if resources is None else resources,
    }


def issue(local: Process, *policies: dict[str, Any], account: str = ACCOUNT, **body: Any) -> None:
    """Keep a token of VALUE as the API that issues tokens keeps it."""
    local.store.put(
        "account-tokens",
        f"accounts/{account}",
        "1" * 32,
        name="narrow",
        body={"status": "active", "policies": [*policies], **body},
        hidden={"digest": hashlib.sha256(VALUE.encode()).hexdigest()},
    )


def denied(answer: Answer) -> bool:
    return answer.status == 403 and answer.code == 10000


def paths(process: Process, base: str) -> list[tuple[str, str]]:
    return [
        (method, path)
        for method, path in process.routes()
        if path.startswith(base) and path not in OPEN
    ]


def filled(path: str) -> str:
    scope = ZONE if path.startswith("/client/v4/zones") else ACCOUNT
    path = path.replace("{scope}", scope)
    while "{" in path:
        path = path[: path.index("{")] + "0" * 32 + path[path.index("}") + 1 :]
    return path


def family(path: str) -> tuple[Reach, str, Family | None]:
    reach = Reach.ZONE if path.startswith("/client/v4/zones/") else Reach.ACCOUNT
    below = filled(path).split("/", 5)[5:]
    return reach, below[0] if below else "", family_of(reach, below[0] if below else "")


def test_every_route_of_cloudflare_belongs_to_a_family(local: Process) -> None:
    lost = [path for _, path in paths(local, "/client/v4") if family(path)[2] is None]
    assert lost == []


def test_every_route_of_grafana_asks_for_a_role(local: Process) -> None:
    open_ones = ("/grafana/d/", "/grafana/api/health")
    lost = [
        path
        for _, path in paths(local, "/grafana")
        if not path.startswith(open_ones) and need_of(filled(path).removeprefix("/grafana")) is None
    ]
    assert lost == []


def test_every_group_that_a_family_names_exists_where_the_family_is() -> None:
    known = {(group.name, group.reach) for group in GROUPS}
    for one in FAMILIES:
        for right in Right:
            # Tails are read with a group that has no writing sister; subjects have both.
            missing = {(name, one.reach) for name in one.opened_by(right)} - known
            assert missing == set(), one.path


def test_ids_of_groups_are_there_once_each() -> None:
    assert len({group.id for group in GROUPS}) == len(GROUPS)


def test_any_group_of_its_family_opens_a_route_and_all_others_together_do_not(
    local: Process,
) -> None:
    everything = {group.name for group in GROUPS}
    for method, path in paths(local, "/client/v4"):
        _, below, found = family(path)
        assert found is not None, path
        enough = found.opened_by(found.right(method, below))
        for name in enough:
            issue(local, policy([name]))
            assert not denied(local.call(method, filled(path), {}, token=VALUE)), (method, path)
        issue(local, policy(everything - enough))
        assert denied(local.call(method, filled(path), {}, token=VALUE)), (method, path)


@pytest.mark.parametrize(
    ("path", "subject"),
    [
        (f"{ACCOUNTS}/tokens", "Account API Tokens"),
        (f"{ACCOUNTS}/alerting/v3/policies", "Notifications"),
        (f"{ACCOUNTS}/workers/scripts", "Workers Scripts"),
        (f"{ACCOUNTS}/storage/kv/namespaces", "Workers KV Storage"),
        (f"{ACCOUNTS}/r2/buckets", "Workers R2 Storage"),
        (QUEUES, "Queues"),
        (f"{ACCOUNTS}/d1/database", "D1"),
        (f"{ACCOUNTS}/hyperdrive/configs", "Hyperdrive"),
        (f"{ACCOUNTS}/rulesets", "Account Rulesets"),
        (f"{ACCOUNTS}/access/apps", "Access: Apps and Policies"),
        (f"{ACCOUNTS}/pages/projects", "Pages"),
        (f"{ACCOUNTS}/logpush/jobs", "Logs"),
        (f"{ACCOUNTS}/rum/site_info/list", "Account Settings"),
        (f"{ZONES}/healthchecks", "Health Checks"),
        (f"{ZONES}/workers/routes", "Workers Routes"),
        (f"{ZONES}/rulesets", "Zone WAF"),
        (f"{ZONES}/logpush/jobs", "Logs"),
    ],
)
def test_each_product_is_read_with_its_own_group(local: Process, path: str, subject: str) -> None:
    issue(local, policy([f"{subject} Read"]))
    assert local.call("GET", path, token=VALUE).status == 200
    assert local.call("POST", path, {}, token=VALUE).status == 403


def test_groups_for_reading_do_not_write(local: Process) -> None:
    reading = {group.name for group in GROUPS if group.name.endswith(" Read")}
    issue(local, policy(reading - {"Workers Tail Read"}))
    for method, path in paths(local, "/client/v4"):
        _, below, found = family(path)
        assert found is not None, path
        writes = found.right(method, below) is Right.WRITE
        answer = local.call(method, filled(path), {}, token=VALUE)
        assert denied(answer) == writes, (method, path)


def test_a_token_of_another_account_gets_nothing(local: Process) -> None:
    everywhere = {"com.cloudflare.api.account.*": "*"}
    issue(local, policy((g.name for g in GROUPS), resources=everywhere), account="c" * 32)
    for method, path in paths(local, "/client/v4/accounts"):
        assert denied(local.call(method, filled(path), {}, token=VALUE)), (method, path)


@pytest.mark.parametrize(
    ("resources", "account", "zone"),
    [
        ({"*": "*"}, True, True),
        ({f"com.cloudflare.api.account.{ACCOUNT}": "*"}, True, False),
        ({"com.cloudflare.api.account.*": "*"}, True, False),
        ({f"com.cloudflare.api.account.{'c' * 32}": "*"}, False, False),
        ({f"com.cloudflare.api.account.zone.{ZONE}": "*"}, False, True),
        ({"com.cloudflare.api.account.zone.*": "*"}, False, True),
        ({f"com.cloudflare.api.account.zone.{'c' * 32}": "*"}, False, False),
        (
            {f"com.cloudflare.api.account.{ACCOUNT}": {"com.cloudflare.api.account.zone.*": "*"}},
            False,
            True,
        ),
    ],
)
def test_groups_count_on_the_resources_of_their_policy_alone(
    local: Process, resources: object, account: bool, zone: bool
) -> None:
    issue(local, policy(["Queues Read", "Health Checks Read"], resources=resources))
    assert denied(local.call("GET", QUEUES, token=VALUE)) != account
    assert denied(local.call("GET", f"{ZONES}/healthchecks", token=VALUE)) != zone


def test_groups_of_one_policy_do_not_count_on_the_resources_of_another(local: Process) -> None:
    elsewhere = {f"com.cloudflare.api.account.{'c' * 32}": "*"}
    issue(local, policy(["Queues Read"], resources=elsewhere), policy(["D1 Read"]))
    assert denied(local.call("GET", QUEUES, token=VALUE))


def test_what_is_denied_counts_more_than_what_is_allowed(local: Process) -> None:
    issue(local, policy(["Queues Read"]), policy(["Queues Read"], effect="deny"))
    assert denied(local.call("GET", QUEUES, token=VALUE))


@pytest.mark.parametrize(
    "body",
    [
        {"status": "disabled"},
        {"status": "expired"},
        {"expires_on": plain(now() - timedelta(seconds=2))},
        {"not_before": plain(now() + timedelta(hours=1))},
    ],
)
def test_a_token_that_does_not_count_now_is_refused(local: Process, body: dict[str, Any]) -> None:
    issue(local, policy(["Queues Read"]), **body)
    answer = local.call("GET", QUEUES, token=VALUE)
    assert (answer.status, answer.code) == (401, 1000)
    assert local.call("GET", "/client/v4/user/tokens/verify", token=VALUE).status == 401


@pytest.mark.parametrize(
    ("condition", "status"),
    [
        ({"in": ["127.0.0.0/8"]}, 200),
        ({"in": ["10.0.0.0/8"]}, 403),
        ({"not_in": ["127.0.0.1/32"]}, 403),
        ({"in": ["127.0.0.0/8"], "not_in": ["10.0.0.0/8"]}, 200),
    ],
)
def test_a_token_counts_from_the_addresses_of_its_condition_alone(
    local: Process, condition: object, status: int
) -> None:
    issue(local, policy(["Queues Read"]), condition={"request_ip": condition})
    answer = local.call("GET", QUEUES, token=VALUE)
    assert answer.status == status
    if status == 403:
        assert answer.code == 9109


def test_a_token_that_was_never_issued_is_the_owners(local: Process) -> None:
    assert local.call("GET", QUEUES, token=TOKEN).status == 200


def test_a_token_that_was_deleted_or_replaced_is_nobodys(local: Process) -> None:
    issue(local, policy(["Queues Read"]))
    held = local.store.all("account-tokens")[0]
    again = hashlib.sha256(b"rolled").hexdigest()
    local.store.put(
        held.kind, held.scope, held.id, name=held.name, body=held.body, hidden={"digest": again}
    )
    assert local.call("GET", QUEUES, token=VALUE).status == 401
    issue(local, policy(["Queues Read"]))
    assert local.call("GET", QUEUES, token=VALUE).status == 200
    local.store.delete(held.kind, held.scope, held.id)
    assert local.call("GET", QUEUES, token=VALUE).status == 401


def test_the_key_of_a_user_is_the_owners(local: Process) -> None:
    key = {"x-auth-email": "a@example.com", "x-auth-key": "k" * 37}
    assert local.call("GET", QUEUES, token=None, headers=key).status == 200


@pytest.mark.parametrize(
    ("headers", "status", "codes"),
    [
        ({}, 400, (9106, None)),
        ({"authorization": ""}, 400, (6003, 6111)),
        ({"authorization": "Bearer short"}, 400, (6003, 6111)),
        ({"authorization": "Basic " + "x" * 60}, 400, (6003, 6111)),
        ({"authorization": "Bearer " + "x" * 39 + "é"}, 400, (6003, 6111)),
        ({"x-auth-key": "k" * 37}, 400, (9106, None)),
        ({"x-auth-key": "short", "x-auth-email": "a@example.com"}, 400, (6003, 6103)),
    ],
)
def test_credentials_that_are_none_are_refused_with_the_reason(
    local: Process, headers: dict[str, str], status: int, codes: tuple[int, int | None]
) -> None:
    answer = local.call("GET", QUEUES, token=None, headers=headers)
    error = answer.told["errors"][0]
    cause = error.get("error_chain", [{"code": None}])[0]["code"]
    assert (answer.status, (error["code"], cause)) == (status, codes)


def test_known_tokens_alone_count_where_that_is_asked_for(tmp_path: Path) -> None:
    strict = Process(tmp_path / "objects.db", known_tokens_only=True)
    answer = strict.call("GET", QUEUES, token=TOKEN)
    assert (answer.status, answer.code) == (401, 1000)
    issue(strict, policy(["Queues Read"]))
    assert strict.call("GET", QUEUES, token=VALUE).status == 200
    strict.store.close()


def test_no_key_of_a_user_counts_where_known_tokens_alone_do(tmp_path: Path) -> None:
    strict = Process(tmp_path / "objects.db", known_tokens_only=True)
    key = {"x-auth-email": "a@example.com", "x-auth-key": "k" * 37}
    answer = strict.call("GET", QUEUES, token=None, headers=key)
    assert (answer.status, answer.code) == (403, 9103)
    short = strict.call("GET", QUEUES, token=None, headers={**key, "x-auth-key": "short"})
    assert (short.status, short.code) == (400, 6003)
    strict.close()


def found(local: Process, what: str, token: str, **query: str) -> list[dict[str, Any]]:
    """Return what a list of the directory tells the holder of a token."""
    answer = local.call("GET", f"/client/v4/{what}", token=token, query=query)
    assert answer.status == 200
    told: list[dict[str, Any]] = answer.told["result"]
    return told


def identifiers(told: Iterable[dict[str, Any]]) -> set[str]:
    return {one["id"] for one in told}


def fill(local: Process) -> str:
    """Make an object in another account and one in each of two zones; return a third zone's id."""
    check = {"name": "c", "address": "example.com"}
    local.call("POST", f"/client/v4/accounts/{'c' * 32}/queues", {"queue_name": "q"})
    for zone in (ZONE, "d" * 32):
        assert local.call("POST", f"/client/v4/zones/{zone}/healthchecks", check).status == 200
    return str(found(local, "zones", TOKEN, name="shop.example")[0]["id"])


@pytest.mark.parametrize(
    ("zones", "seen"),
    [
        ([f"zone.{ZONE}"], {ZONE}),
        ([f"zone.{ZONE}", f"zone.{'d' * 32}"], {ZONE, "d" * 32}),
        ([ACCOUNT], set()),
        ([f"zone.{'e' * 32}"], set()),
    ],
)
def test_a_token_sees_the_zones_of_its_resources_alone(
    local: Process, zones: list[str], seen: set[str]
) -> None:
    third = fill(local)
    resources = {f"com.cloudflare.api.account.{one}": "*" for one in zones}
    issue(local, policy(["Zone Read"], resources=resources))
    assert identifiers(found(local, "zones", VALUE)) == seen
    assert found(local, "zones", VALUE, name="shop.example") == []
    everywhere = {"com.cloudflare.api.account.zone.*": "*"}
    issue(local, policy(["Zone Read"], resources=everywhere))
    assert identifiers(found(local, "zones", VALUE)) == {ZONE, "d" * 32, third}
    assert identifiers(found(local, "zones", VALUE, name="shop.example")) == {third}
    assert identifiers(found(local, "zones", TOKEN)) == {ZONE, "d" * 32, third}


def test_a_zone_that_is_denied_or_of_account_groups_alone_is_not_seen(local: Process) -> None:
    fill(local)
    issue(local, policy(["Zone Read"]), policy(["Zone Read"], effect="deny"))
    assert found(local, "zones", VALUE) == []
    issue(local, policy(["Queues Read"]))
    assert found(local, "zones", VALUE) == []
    issue(local, policy(["Zone Read", "Health Checks Read"]), policy(["Zone Read"], effect="deny"))
    assert identifiers(found(local, "zones", VALUE)) == {ZONE}


def test_a_token_sees_its_own_account_alone_and_only_with_a_right_in_it(local: Process) -> None:
    fill(local)
    issue(local, policy(["Queues Read", "Zone Read"]))
    assert identifiers(found(local, "accounts", TOKEN)) == {ACCOUNT, "c" * 32}
    assert identifiers(found(local, "accounts", VALUE)) == {ACCOUNT}
    assert [one["account"]["id"] for one in found(local, "memberships", VALUE)] == [ACCOUNT]
    assert {one["account"]["id"] for one in found(local, "zones", VALUE)} == {ACCOUNT}
    zone = local.call("GET", ZONES, token=VALUE).told["result"]
    assert zone["account"]["id"] == ACCOUNT
    issue(local, policy(["Queues Read"], resources={"com.cloudflare.api.account.*": "*"}))
    assert identifiers(found(local, "accounts", VALUE)) == {ACCOUNT}
    issue(local, policy(["Zone Read"], resources={f"com.cloudflare.api.account.zone.{ZONE}": "*"}))
    assert found(local, "accounts", VALUE) == found(local, "memberships", VALUE) == []


def test_asking_for_a_zone_by_name_makes_one_for_the_owner_alone(local: Process) -> None:
    everywhere = {"com.cloudflare.api.account.zone.*": "*"}
    issue(local, policy(["Zone Read", "Zone Write"], resources=everywhere))
    assert found(local, "zones", VALUE, name="shop.example") == []
    assert local.store.all("zones", "") == []
    (made,) = found(local, "zones", TOKEN, name="shop.example")
    assert identifiers(found(local, "zones", VALUE, name="shop.example")) == {made["id"]}


HANDED = [
    ("Queues Read", {f"com.cloudflare.api.account.{ACCOUNT}": "*"}, True),
    (
        "Zone Write",
        {f"com.cloudflare.api.account.{ACCOUNT}": {"com.cloudflare.api.account.zone.*": "*"}},
        True,
    ),
    ("Queues Read", {f"com.cloudflare.edge.r2.bucket.{ACCOUNT}_default_photos": "*"}, True),
    ("Zone Read", {f"com.cloudflare.api.account.zone.{ZONE}": "*"}, True),
    ("Zone Write", {f"com.cloudflare.api.account.zone.{ZONE}": "*"}, False),
    ("Zone Read", {f"com.cloudflare.api.account.zone.{'d' * 32}": "*"}, False),
    ("Zone Read", {"com.cloudflare.api.account.zone.*": "*"}, False),
    ("Queues Read", {f"com.cloudflare.api.account.{'c' * 32}": "*"}, False),
    ("Queues Read", {"com.cloudflare.api.account.*": "*"}, False),
    ("Queues Read", {"com.cloudflare.api.user.1": "*"}, False),
    (
        "Zone Read",
        {f"com.cloudflare.api.account.{'c' * 32}": {"com.cloudflare.api.account.zone.*": "*"}},
        False,
    ),
    (
        "Zone Read",
        {
            f"com.cloudflare.api.account.{ACCOUNT}": {
                f"com.cloudflare.api.account.zone.{'d' * 32}": "*"
            }
        },
        False,
    ),
    ("Queues Read", {f"com.cloudflare.edge.r2.bucket.{'c' * 32}_default_photos": "*"}, False),
    (
        "Queues Read",
        {
            f"com.cloudflare.api.account.{ACCOUNT}": "*",
            f"com.cloudflare.api.account.{'c' * 32}": "*",
        },
        False,
    ),
]


@pytest.mark.parametrize(("group", "resources", "may"), HANDED)
def test_a_token_gives_others_rights_in_its_account_and_in_zones_where_it_has_them(
    local: Process, group: str, resources: dict[str, Any], may: bool
) -> None:
    issue(local, policy(["Account API Tokens Write", "Zone Read"]))
    usual = {"name": "t", "policies": [policy(["Queues Read"])]}
    own = local.call("POST", f"{ACCOUNTS}/tokens", usual).told["result"]["id"]
    body = {"name": "t", "policies": [policy([group], resources=resources)]}
    for method, path in (("POST", f"{ACCOUNTS}/tokens"), ("PUT", f"{ACCOUNTS}/tokens/{own}")):
        answer = local.call(method, path, body, token=VALUE)
        assert answer.status == (200 if may else 400)
        if not may:
            assert answer.code == 1001
            assert answer.told["errors"][0]["message"] == (
                f'Failed common permission check against resources. (Permission group: "{group}")'
            )
        assert local.call(method, path, body).status == 200


@pytest.mark.parametrize("path", ["/client/v4/user/tokens/verify", f"{ACCOUNTS}/tokens/verify"])
def test_a_token_can_be_verified_with_no_right_at_all(local: Process, path: str) -> None:
    issue(local, expires_on="2999-01-01T00:00:00Z")
    told = local.call("GET", path, token=VALUE).told
    assert told["result"] == {
        "id": "1" * 32,
        "status": "active",
        "expires_on": "2999-01-01T00:00:00Z",
    }
    assert told["messages"][0]["message"] == "This API Token is valid and active"
    assert local.call("GET", path, token=TOKEN).told["result"]["status"] == "active"


@pytest.mark.parametrize("account", ["x", "A" * 32, "a" * 31, "a" * 33, "", "..", "%2e"])
def test_an_account_that_cannot_be_one_is_no_route(local: Process, account: str) -> None:
    answer = local.call("GET", f"/client/v4/accounts/{account}/queues")
    assert (answer.status, answer.code) == (404, 7003)
    assert answer.told["errors"][1] == {"code": 7000, "message": "No route for that URI"}


def test_a_rate_limit_counts_each_caller_over_five_minutes(tmp_path: Path) -> None:
    seconds = [0.0]
    limited = Process(tmp_path / "objects.db", clock=lambda: seconds[0], rate_limit=3)
    for _ in range(3):
        assert limited.call("GET", QUEUES).status == 200
    seconds[0] = 100.5
    answer = limited.call("GET", QUEUES)
    assert (answer.status, answer.code) == (429, 971)
    assert answer.headers["retry-after"] == "200"
    assert limited.call("GET", QUEUES, token="u" * 40).status == 200
    seconds[0] = 300.0
    assert limited.call("GET", QUEUES).status == 200
    limited.store.close()


def account(local: Process, role: str, *, scope: str = "grafana", disabled: bool = False) -> None:
    body: Document = {"id": 7, "uid": "sa7", "login": "robot", "role": role, "isDisabled": disabled}
    local.store.put("service-accounts", scope, "7", name="robot", body=body)


def grafana_token(local: Process, role: str, *, scope: str = "grafana", **body: Any) -> None:
    account(local, role, scope=scope)
    local.store.put(
        "service-account-tokens",
        f"{scope}/service-accounts/7",
        "8",
        name="key",
        body={"id": 8, "created": plain(now()), "expiration": None, **body},
        hidden={"digest": hashlib.sha256(b"glsa_secret").hexdigest()},
    )


@pytest.mark.parametrize(
    ("effect", "zones", "given"),
    [("deny", ZONE, ZONE), ("allow", "*", "*")],
    ids=["what it is denied", "all zones but as those below its account"],
)
def test_a_token_does_not_give(local: Process, effect: str, zones: str, given: str) -> None:
    held = {f"com.cloudflare.api.account.zone.{zones}": "*"}
    issue(
        local,
        policy(["Account API Tokens Write", "Zone Read"]),
        policy(["Zone Read"], effect=effect, resources=held),
    )
    resources = {f"com.cloudflare.api.account.zone.{given}": "*"}
    body = {"name": "t", "policies": [policy(["Zone Read"], resources=resources)]}
    answer = local.call("POST", f"{ACCOUNTS}/tokens", body, token=VALUE)
    assert (answer.status, answer.code) == (400, 1001)


def test_a_service_account_is_told_of_itself_and_the_administrator_of_himself(
    local: Process,
) -> None:
    grafana_token(local, "Admin", scope="grafana/organisations/2")
    told = local.call("GET", "/grafana/api/user", token="glsa_secret").told
    assert {name: told[name] for name in ("uid", "login", "name", "email", "orgId")} == {
        "uid": "service-account:7",
        "login": "robot",
        "name": "robot",
        "email": "robot",
        "orgId": 2,
    }
    # Grafana gives no number of those that are not people.
    assert (told["id"], told["isGrafanaAdmin"]) == (0, False)
    for token in (TOKEN, "anything"):
        own = local.call("GET", "/grafana/api/user", token=token).told
        assert (own["id"], own["login"], own["isGrafanaAdmin"]) == (1, "admin", True)


@pytest.mark.parametrize("role", list(Role))
def test_a_service_account_may_do_what_its_role_may(local: Process, role: Role) -> None:
    grafana_token(local, role)
    for method, path in paths(local, "/grafana/api"):
        need = need_of(filled(path).removeprefix("/grafana"))
        if need is None:
            continue
        answer = local.call(method, filled(path), {}, token="glsa_secret")
        refused = answer.status == 403 and b"accessErrorId" in answer.body
        assert refused != role.includes(need.role(method)), (method, path)


def test_a_refusal_of_grafana_names_the_permission(local: Process) -> None:
    grafana_token(local, "Viewer")
    told = local.call("POST", "/grafana/api/folders", {}, token="glsa_secret").told
    assert told["title"] == "Access denied"
    assert told["message"].endswith("Permissions needed: folders:create")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ("expired", "Expired API key"),
        ("deleted", "Invalid API key"),
        ("disabled", "Invalid API key"),
    ],
)
def test_a_token_of_grafana_that_does_not_count_is_refused(
    local: Process, change: str, message: str
) -> None:
    ended = {"expiration": plain(now() - timedelta(seconds=2))}
    grafana_token(local, "Admin", **(ended if change == "expired" else {}))
    if change == "deleted":
        local.store.delete("service-accounts", "grafana", "7")
    if change == "disabled":
        account(local, "Admin", disabled=True)
    answer = local.call("GET", "/grafana/api/folders", token="glsa_secret")
    assert (answer.status, answer.told["message"]) == (401, message)


@pytest.mark.parametrize(
    ("own", "named", "acts_in"),
    [
        ("grafana", None, 1),
        ("grafana", "1", 1),
        ("grafana", "2", None),
        ("grafana/organisations/2", None, 2),
        ("grafana/organisations/2", "2", 2),
        ("grafana/organisations/2", "1", None),
        ("grafana/organisations/2", "3", None),
        ("grafana/organisations/2", "none", 2),
    ],
)
def test_a_token_of_grafana_acts_in_the_organisation_of_its_account_alone(
    local: Process, own: str, named: str | None, acts_in: int | None
) -> None:
    grafana_token(local, "Admin", scope=own)
    headers = {} if named is None else {"x-grafana-org-id": named}
    answer = local.call("GET", "/grafana/api/org", token="glsa_secret", headers=headers)
    if acts_in is not None:
        assert (answer.status, answer.told["id"]) == (200, acts_in)
        return
    assert (answer.status, answer.told["messageId"]) == (401, "api-key.organization-mismatch")


def test_a_token_made_in_an_organisation_sees_its_objects_and_no_others(local: Process) -> None:
    second = {"x-grafana-org-id": "2"}
    made = local.call(
        "POST", "/grafana/api/serviceaccounts", {"name": "bot", "role": "Admin"}, headers=second
    ).told
    path = f"/grafana/api/serviceaccounts/{made['id']}/tokens"
    key = local.call("POST", path, {"name": "t"}, headers=second).told["key"]
    local.call("POST", "/grafana/api/folders", {"uid": "first", "title": "1"})
    local.call("POST", "/grafana/api/folders", {"uid": "second", "title": "2"}, token=key)
    assert [one["uid"] for one in local.call("GET", "/grafana/api/folders").told] == ["first"]
    seen = local.call("GET", "/grafana/api/folders", token=key).told
    assert [one["uid"] for one in seen] == ["second"]


def test_credentials_of_grafana_that_were_never_issued_are_the_administrators(
    local: Process,
) -> None:
    assert local.call("GET", "/grafana/api/datasources", token="anything").status == 200
