"""What no provider watches, by resource type: where it is read, how it is compared, what mends it.

Sources: measured traffic of pulumi-cloudflare 6.23.1 and pulumiverse-grafana 2.44.0. Schedules of a
Worker are never read back; of its bindings only added ones are noticed; a policy tree that lost all
its routes is not; nobody reads secrets. What providers do read is left to the refresh.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from engine.documents import Json
from engine.drift import bindings
from engine.drift.differences import Difference, Seen
from engine.drift.leaves import leaves
from engine.drift.recorded import document, documents
from engine.drift.shown import shown_beside

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from engine.documents import Document
    from engine.drift.recorded import Recorded

    Answers = Mapping[str, Json]
    """By the name of what was asked, what the service answered; None: there is none."""


class Service(StrEnum):
    """Who is asked."""

    CLOUDFLARE = "cloudflare"
    GRAFANA = "grafana"


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """How resources of one type are looked at."""

    service: Service
    asked: Mapping[str, str]
    """Name → path below the service's API; `{name}` is a property of the resource."""
    headers: Mapping[str, str] = field(default_factory=dict)
    """Header of the questions → the property that it tells, where the resource has it."""
    compare: Callable[[Recorded, Answers], Iterable[Difference]]
    record: Callable[[Recorded, Answers], Document]
    """What to record, without any secret, so that the next update puts right what differs."""


def path_of(template: str, recorded: Recorded) -> str:
    """Give the path of a question about a resource."""
    return template.format_map({**recorded.outputs, **recorded.inputs, "id": recorded.id})


def headers_of(watch: Watch, recorded: Recorded) -> dict[str, str]:
    """Give the headers of the questions about a resource, beside those of who asks."""
    told = {**recorded.outputs, **recorded.inputs}
    return {name: str(told[key]) for name, key in watch.headers.items() if told.get(key)}


def _schedules(recorded: Recorded, answers: Answers) -> Iterator[Difference]:
    was = _crons(recorded.outputs.get("schedules"))
    now = _crons(document(answers["schedules"]).get("schedules"))
    if sorted(was) != sorted(now):
        yield Difference(
            subject=recorded.subject,
            property="schedules",
            was=_listed(was),
            now=_listed(now),
            seen=Seen.BELFRY,
        )


def _found_schedules(_recorded: Recorded, answers: Answers) -> Document:
    found = _crons(document(answers["schedules"]).get("schedules"))
    return {"schedules": [{"cron": cron} for cron in found]}


def _rules(recorded: Recorded, answers: Answers) -> Iterator[Difference]:
    was = {str(one.get("id")): one for one in documents(recorded.outputs.get("rules"))}
    now = {str(one.get("id")): one for one in _found_list(answers)}
    for name in dict.fromkeys((*was, *now)):
        if name in was and name in now and holds(now[name], was[name]):
            continue
        for path, before, after in _parts(was.get(name), now.get(name)):
            told_was, told_now = shown_beside(before, after)
            yield Difference(
                subject=recorded.subject,
                property=f"rules.{name}{path}",
                was=told_was,
                now=told_now,
                seen=Seen.BELFRY,
            )


def _parts(was: Document | None, now: Document | None) -> Iterator[tuple[str, Json, Json]]:
    """Give the parts in which a rule is not as it was; the service may tell more of it."""
    if was is None or now is None:
        yield "", was, now
        return
    for path, before, after in leaves(was, now):
        if not holds(after, before):
            yield path, before, after


def _found_rules(_recorded: Recorded, answers: Answers) -> Document:
    return {"rules": list[Json](_found_list(answers))}


def _found_list(answers: Answers) -> list[Document]:
    return documents(document(answers["rules"]).get("rules"))


def holds(found: Json, wanted: Json) -> bool:
    """Tell whether a value has all that is wanted of it; the service may tell more."""
    match wanted:
        case dict():
            here = document(found)
            return all(holds(here.get(name), part) for name, part in wanted.items())
        case list() if isinstance(found, list):
            return len(found) == len(wanted) and all(map(holds, found, wanted))
        case None | "" | []:
            return found in (None, "", [])
        case _:
            return found == wanted


def _tree(recorded: Recorded, answers: Answers) -> Iterator[Difference]:
    was = documents(recorded.outputs.get("policies"))
    now = documents(document(answers["tree"]).get("routes"))
    if was and not now:
        yield Difference(
            subject=recorded.subject,
            property="policies",
            was=f"{len(was)} routes" if len(was) > 1 else "1 route",
            now="no route",
            seen=Seen.BELFRY,
        )


def _no_routes(_recorded: Recorded, _answers: Answers) -> Document:
    return {"policies": []}


def _secure_fields(recorded: Recorded, answers: Answers) -> Iterator[Difference]:
    there = document(document(answers["source"]).get("secureJsonFields"))
    for name in secure_names(recorded):
        if not there.get(name):
            yield Difference(
                subject=recorded.subject,
                property=f"secureJsonData.{name}",
                was="set",
                now=None,
                seen=Seen.BELFRY,
            )


def _no_secure_fields(_recorded: Recorded, _answers: Answers) -> Document:
    return {"secureJsonDataEncoded": "{}"}


def secure_names(recorded: Recorded) -> tuple[str, ...]:
    """Give the names of a data source's secret settings."""
    text = recorded.inputs.get("secureJsonDataEncoded")
    try:
        told = json.loads(text) if isinstance(text, str) else {}
    except ValueError:
        return ()
    return tuple(sorted(document(told)))


def _crons(value: Json) -> list[str]:
    return [str(one.get("cron")) for one in documents(value)]


def _listed(crons: list[str]) -> str | None:
    return ", ".join(crons) or None


SOURCE = "grafana:oss/dataSource:DataSource"
_SCRIPT = "/accounts/{accountId}/workers/scripts/{scriptName}"
_BUCKET = "/accounts/{accountId}/r2/buckets/{bucketName}"
_JURISDICTION = {"cf-r2-jurisdiction": "jurisdiction"}
"""Without it the service knows no bucket of another jurisdiction than the default."""

WATCHED: Mapping[str, Watch] = {
    "cloudflare:index/workersCronTrigger:WorkersCronTrigger": Watch(
        service=Service.CLOUDFLARE,
        asked={"schedules": f"{_SCRIPT}/schedules"},
        compare=_schedules,
        record=_found_schedules,
    ),
    bindings.SCRIPT: Watch(
        service=Service.CLOUDFLARE,
        asked={
            "settings": f"{_SCRIPT}/settings",
            "scripts": "/accounts/{accountId}/workers/scripts",
        },
        compare=bindings.compare,
        record=bindings.record,
    ),
    "cloudflare:index/r2BucketLifecycle:R2BucketLifecycle": Watch(
        service=Service.CLOUDFLARE,
        asked={"rules": f"{_BUCKET}/lifecycle"},
        headers=_JURISDICTION,
        compare=_rules,
        record=_found_rules,
    ),
    "cloudflare:index/r2BucketLock:R2BucketLock": Watch(
        service=Service.CLOUDFLARE,
        asked={"rules": f"{_BUCKET}/lock"},
        headers=_JURISDICTION,
        compare=_rules,
        record=_found_rules,
    ),
    "grafana:alerting/notificationPolicy:NotificationPolicy": Watch(
        service=Service.GRAFANA,
        asked={"tree": "/v1/provisioning/policies"},
        compare=_tree,
        record=_no_routes,
    ),
    SOURCE: Watch(
        service=Service.GRAFANA,
        asked={"source": "/datasources/uid/{uid}"},
        compare=_secure_fields,
        record=_no_secure_fields,
    ),
}
"""Resource type → what is read and compared beside the refresh."""
