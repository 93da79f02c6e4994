"""What is refused beyond kinds of values: words, ranges, one of several; for every type."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from engine.standins.checking import findings
from engine.standins.packages import PACKAGES
from engine.standins.shapes import Object, Scalar, Sequence, Shape
from engine.standins.values import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.standins.shapes import KindShape

KINDS = {token: kind for package in PACKAGES.values() for token, kind in package.kinds.items()}

HEALTH = "cloudflare:index/healthcheck:Healthcheck"
RULES = "cloudflare:index/ruleset:Ruleset"
HYPERDRIVE = "cloudflare:index/hyperdriveConfig:HyperdriveConfig"
LOGPUSH = "cloudflare:index/logpushJob:LogpushJob"
BUCKET = "cloudflare:index/r2Bucket:R2Bucket"
CONSUMER = "cloudflare:index/queueConsumer:QueueConsumer"
POLICY = "cloudflare:index/notificationPolicy:NotificationPolicy"
APPLICATION = "cloudflare:index/zeroTrustAccessApplication:ZeroTrustAccessApplication"

CHECK = {"zoneId": "z", "name": "n", "address": "a"}
RULE = {"action": "block", "expression": "true"}
RULESET = {"name": "n", "kind": "zone", "phase": "http_ratelimit"}
ORIGIN = {"scheme": "postgres", "database": "d", "user": "u", "password": "p"}


@pytest.mark.parametrize(
    ("token", "inputs", "path"),
    [
        (HEALTH, {**CHECK, "checkRegions": ["WEU", "MARS"]}, "checkRegions[1]"),
        (HEALTH, {**CHECK, "httpConfig": {"method": "BREW"}}, "httpConfig.method"),
        (RULES, {**RULESET, "zoneId": "z", "phase": "http_naps"}, "phase"),
        (RULES, {**RULESET, "zoneId": "z", "rules": [{**RULE, "action": "x"}]}, "rules[0].action"),
        (RULES, RULESET, "accountId"),
        (RULES, {**RULESET, "zoneId": "z", "accountId": "a"}, "accountId"),
        (
            HYPERDRIVE,
            {"accountId": "a", "name": "n", "origin": ORIGIN, "originConnectionLimit": 101},
            "originConnectionLimit",
        ),
        (LOGPUSH, {"destinationConf": "d", "dataset": "gossip"}, "dataset"),
        (LOGPUSH, {"destinationConf": "d", "maxUploadRecords": 999}, "maxUploadRecords"),
        (BUCKET, {"accountId": "a", "name": "n", "storageClass": "Cellar"}, "storageClass"),
        (APPLICATION, {"accountId": "a", "type": "saas"}, "type"),
    ],
)
def test_a_mistake_is_found_where_it_is(
    shapes: dict[str, KindShape], token: str, inputs: dict[str, Any], path: str
) -> None:
    found = [where for where, _ in findings(KINDS[token], shapes[token], inputs)]
    assert found == [path]


@pytest.mark.parametrize(
    ("token", "inputs"),
    [
        (HEALTH, {**CHECK, "checkRegions": ["all_regions"]}),
        (HEALTH, {**CHECK, "checkRegions": UNKNOWN, "httpConfig": UNKNOWN}),
        (RULES, {**RULESET, "zoneId": UNKNOWN}),
        (LOGPUSH, {"destinationConf": "d", "maxUploadRecords": 0}),
        (LOGPUSH, {"destinationConf": "d", "maxUploadRecords": 1000}),
        (LOGPUSH, {"destinationConf": "d", "maxUploadRecords": UNKNOWN}),
        (BUCKET, {"accountId": "a", "name": "n", "storageClass": "infrequentaccess"}),
    ],
)
def test_letter_case_ends_of_ranges_and_unknown_values_are_no_mistake(
    shapes: dict[str, KindShape], token: str, inputs: dict[str, Any]
) -> None:
    assert list(findings(KINDS[token], shapes[token], inputs)) == []


def words(shape: Shape, path: str = "") -> Iterator[tuple[str, tuple[str, ...]]]:
    match shape:
        case Scalar(words=found) if found:
            yield path, found
        case Sequence(of=inner):
            yield from words(inner, path)
        case Object():
            for name, inner in shape.properties.items():
                yield from words(inner, f"{path}.{name}".removeprefix("."))


@pytest.mark.parametrize(
    ("token", "path", "some"),
    [
        (BUCKET, "location", {"apac", "weur"}),
        (CONSUMER, "type", {"worker", "http_pull"}),
        (POLICY, "alertType", {"health_check_status_notification"}),
        (RULES, "rules.action", {"block", "managed_challenge"}),
        (LOGPUSH, "dataset", {"workers_trace_events", "http_requests"}),
        ("cloudflare:index/accountToken:AccountToken", "policies.effect", {"allow", "deny"}),
        ("cloudflare:index/r2BucketLock:R2BucketLock", "rules.condition.type", {"Age", "Date"}),
    ],
)
def test_the_words_that_a_property_takes_come_from_the_sdks_documentation(
    shapes: dict[str, KindShape], token: str, path: str, some: set[str]
) -> None:
    assert some <= set(dict(words(shapes[token].inputs))[path])


def test_no_word_has_the_asterisks_of_the_sdks_generator(shapes: dict[str, KindShape]) -> None:
    found = [word for shape in shapes.values() for _, told in words(shape.inputs) for word in told]
    assert len(found) > 200
    assert [word for word in found if "*" in word] == []


@pytest.mark.parametrize("token", sorted(KINDS))
def test_every_property_that_a_kind_speaks_of_is_one_that_the_sdk_has(
    shapes: dict[str, KindShape], token: str
) -> None:
    kind = KINDS[token]
    spoken = {
        *kind.replaced_on,
        *kind.filled_in,
        *kind.computed,
        *kind.unordered,
        *kind.one_of,
        *kind.choices,
        *kind.bounds,
        *kind.refused,
    }
    assert {path for path in spoken if not _there(shapes[token].inputs, path)} == set()


def _there(shape: Shape, path: str) -> bool:
    name, _, rest = path.partition(".")
    while isinstance(shape, Sequence):
        shape = shape.of
    if not isinstance(shape, Object) or name not in shape.properties:
        return False
    return not rest or _there(shape.properties[name], rest)
