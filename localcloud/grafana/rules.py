"""Groups of alert rules; the order of the last write is the order told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.routing import Route

from localcloud.documents import document, documents, number, parse, text
from localcloud.grafana.answers import RefusedError, empty, own_uid, provenance, told
from localcloud.grafana.organisations import organisation
from localcloud.grafana.rule_checks import check_interval, check_rule, check_unique
from localcloud.moments import now, plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.requests import Request
    from starlette.responses import Response

    from localcloud.documents import Document, Value
    from localcloud.grafana.organisations import Organisation
    from localcloud.store import Object, Store

_INTERVAL = 60
"""Seconds: how often a group is evaluated that does not say."""


class RuleGroups:
    """The routes of rule groups and single rules."""

    def __init__(self, store: Store) -> None:
        """Keep the store."""
        self._store = store

    def routes(self) -> list[Route]:
        """Return the routes."""
        base = "/api/v1/provisioning"
        group = f"{base}/folder/{{folder}}/rule-groups/{{group:path}}"
        return [
            Route(f"{base}/alert-rules", self._rules, methods=["GET", "POST"]),
            Route(f"{base}/alert-rules/{{uid}}", self._rule, methods=["GET", "PUT", "DELETE"]),
            Route(group, self._group, methods=["GET", "PUT", "DELETE"]),
        ]

    async def _rules(self, request: Request) -> Response:
        org = organisation(self._store, request)
        if request.method == "GET":
            return told([rule for _, rule in all_rules(org)])
        sent = document(parse(await request.body()))
        folder, name = text(sent, "folderUID"), text(sent, "ruleGroup")
        before = org.get("rule-groups", f"{folder}:{name}")
        others = documents(before.body, "rules") if before else []
        interval = number(before.body, "interval") if before else _INTERVAL
        group = _put(org, (folder, name), interval, [*others, sent], request)
        return told(documents(group.body, "rules")[-1], 201)

    async def _rule(self, request: Request) -> Response:
        org = organisation(self._store, request)
        uid = str(request.path_params["uid"])
        group = org.with_rule(uid)
        if group is None:
            # Deleting a rule that is not there is no error in Grafana; reading one is.
            return empty() if request.method == "DELETE" else empty(404)
        if request.method == "GET":
            return told(_rule_of(group, uid))
        if request.method == "DELETE":
            _without(org, group, uid)
            return empty()
        sent: Document = {**document(parse(await request.body())), "uid": uid}
        place = (
            text(sent, "folderUID", group.id.partition(":")[0]),
            text(sent, "ruleGroup", group.name),
        )
        with org.transaction():
            if ":".join(place) == group.id:
                rules = [
                    sent if other["uid"] == uid else other
                    for other in documents(group.body, "rules")
                ]
                kept = _put(org, place, number(group.body, "interval"), rules, request)
            else:
                _without(org, group, uid)
                there = org.get("rule-groups", ":".join(place))
                rules = [*(documents(there.body, "rules") if there else []), sent]
                interval = number((there or group).body, "interval")
                kept = _put(org, place, interval, rules, request)
        return told(_rule_of(kept, uid))

    async def _group(self, request: Request) -> Response:
        org = organisation(self._store, request)
        place = str(request.path_params["folder"]), str(request.path_params["group"])
        held = org.get("rule-groups", ":".join(place))
        if request.method == "PUT":
            sent = document(parse(await request.body()))
            interval = number(sent, "interval", _INTERVAL)
            rules = documents(sent, "rules")
            return told(_told(_put(org, place, interval, rules, request)))
        if held is None:
            raise RefusedError(
                404, "rule group not found", messageId="", statusCode=404, traceID=""
            )
        if request.method == "DELETE":
            org.delete("rule-groups", held.id)
            return empty()
        return told(_told(held))


def all_rules(org: Organisation) -> Iterator[tuple[Object, Document]]:
    """Yield every rule with its group."""
    for group in org.all("rule-groups"):
        for rule in documents(group.body, "rules"):
            yield group, rule


def _put(
    org: Organisation,
    place: tuple[str, str],
    interval: float,
    wanted: list[Document],
    request: Request,
) -> Object:
    """Make a group, known by its folder and name, what is wanted."""
    folder, name = place
    if org.get("folders", folder) is None:
        raise RefusedError(404, "folder not found")
    check_interval(interval)
    before = org.get("rule-groups", f"{folder}:{name}")
    known = {str(rule["uid"]): rule for rule in documents(before.body if before else {}, "rules")}
    owner = provenance(request)
    rules = [_kept(org, rule, place, owner, known) for rule in wanted]
    check_unique(rules, _alike(org, f"{folder}:{name}", rules))
    listed: list[Value] = [*rules]
    kept: Document = {"folder": folder, "interval": interval, "rules": listed}
    return org.put("rule-groups", f"{folder}:{name}", name=name, body=kept)


def _rule_of(group: Object, uid: str) -> Document:
    return next(rule for rule in documents(group.body, "rules") if rule["uid"] == uid)


def _alike(org: Organisation, own: str, rules: list[Document]) -> list[Document]:
    """Return rules of other groups: those that may have the uid or title of one of these."""
    groups: dict[str, Object] = {}
    for rule in rules:
        same = org.with_rule(str(rule["uid"]), own)
        titled = org.with_rule_titled(str(rule["folderUID"]), str(rule["title"]), own)
        groups |= {group.id: group for group in [*titled, *([same] if same else [])]}
    return [rule for group in groups.values() for rule in documents(group.body, "rules")]


def _kept(
    org: Organisation,
    sent: Document,
    place: tuple[str, str],
    owner: str,
    known: dict[str, Document],
) -> Document:
    check_rule(org, sent)
    uid = own_uid(sent)
    before = known.get(uid)
    return {
        "condition": "",
        "for": "0s",
        "noDataState": "",
        "execErrState": "",
        "notification_settings": None,
        "record": None,
        **sent,
        "id": before["id"] if before else org.next_number("rules"),
        "uid": uid,
        "orgID": org.number,
        "folderUID": place[0],
        "ruleGroup": place[1],
        "isPaused": sent.get("isPaused") is True,
        "updated": plain(now()),
        "provenance": owner,
    }


def _without(org: Organisation, group: Object, uid: str) -> None:
    """Take a rule out of its group; a group without rules is none."""
    left: list[Value] = [other for other in documents(group.body, "rules") if other["uid"] != uid]
    if left:
        org.put("rule-groups", group.id, name=group.name, body={**group.body, "rules": left})
    else:
        org.delete("rule-groups", group.id)


def _told(held: Object) -> Document:
    return {
        "title": held.name,
        "folderUid": held.body["folder"],
        "interval": held.body["interval"],
        "rules": held.body["rules"],
    }
