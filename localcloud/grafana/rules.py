"""Groups of alert rules; the order of the last write is the order told."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from starlette.routing import Route

from localcloud.documents import document, documents, inner, number, parse, text
from localcloud.grafana.answers import SCOPE, RefusedError, empty, provenance, told
from localcloud.grafana.contacts import exists
from localcloud.moments import now, plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.requests import Request
    from starlette.responses import Response

    from localcloud.documents import Document, Value
    from localcloud.store import Object, Store

_STEP = 10
"""Seconds: evaluation intervals are multiples of it."""


class RuleGroups:
    """The routes of rule groups and single rules."""

    def __init__(self, store: Store) -> None:
        """Keep the store."""
        self._store = store

    def routes(self) -> list[Route]:
        """Return the routes."""
        base = "/api/v1/provisioning"
        group = f"{base}/folder/{{folder}}/rule-groups/{{group}}"
        return [
            Route(f"{base}/alert-rules", self._rules, methods=["GET"]),
            Route(f"{base}/alert-rules/{{uid}}", self._rule, methods=["GET", "DELETE"]),
            Route(group, self._group, methods=["GET", "PUT", "DELETE"]),
        ]

    async def _rules(self, _request: Request) -> Response:
        return told([rule for _, rule in self._all()])

    async def _rule(self, request: Request) -> Response:
        uid = str(request.path_params["uid"])
        for group, rule in self._all():
            if rule["uid"] != uid:
                continue
            if request.method == "GET":
                return told(rule)
            left: list[Value] = [
                other for other in documents(group.body, "rules") if other["uid"] != uid
            ]
            if left:
                body: Document = {**group.body, "rules": left}
                self._store.put("rule-groups", SCOPE, group.id, name=group.name, body=body)
            else:
                self._store.delete("rule-groups", SCOPE, group.id)
            return empty()
        # Deleting a rule that is not there is no error in Grafana; reading one is.
        return empty() if request.method == "DELETE" else empty(404)

    async def _group(self, request: Request) -> Response:
        folder = str(request.path_params["folder"])
        name = str(request.path_params["group"])
        identifier = f"{folder}:{name}"
        held = self._store.get("rule-groups", SCOPE, identifier)
        if request.method == "PUT":
            return told(_told(self._put(folder, name, request, await request.body(), held)))
        if held is None:
            raise RefusedError(
                404, "rule group not found", messageId="", statusCode=404, traceID=""
            )
        if request.method == "DELETE":
            self._store.delete("rule-groups", SCOPE, identifier)
            return empty()
        return told(_told(held))

    def _put(
        self, folder: str, name: str, request: Request, body: bytes, before: Object | None
    ) -> Object:
        sent = document(parse(body))
        if self._store.get("folders", SCOPE, folder) is None:
            raise RefusedError(404, "folder not found")
        interval = number(sent, "interval", 60)
        if interval <= 0 or interval % _STEP:
            raise RefusedError(
                400,
                f"invalid alert rule: interval ({interval:g}s) should be non-zero and divided "
                f"exactly by scheduler interval: {_STEP}s",
            )
        known = {
            str(rule["uid"]): rule for rule in documents(before.body if before else {}, "rules")
        }
        owner = provenance(request)
        rules = [self._kept(rule, folder, name, owner, known) for rule in documents(sent, "rules")]
        self._check_unique(f"{folder}:{name}", folder, rules)
        listed: list[Value] = list(rules)
        kept: Document = {"folder": folder, "interval": interval, "rules": listed}
        return self._store.put("rule-groups", SCOPE, f"{folder}:{name}", name=name, body=kept)

    def _kept(
        self, sent: Document, folder: str, group: str, owner: str, known: dict[str, Document]
    ) -> Document:
        uid = text(sent, "uid", "") or secrets.token_hex(7)
        title = text(sent, "title", "")
        if not title:
            raise RefusedError(400, "invalid alert rule: no title is set")
        queries = {text(query, "refId", "") for query in documents(sent, "data")}
        condition = text(sent, "condition", "")
        if condition not in queries:
            raise RefusedError(
                400,
                f"invalid alert rule: condition {condition} does not exist, must be one of "
                f"{sorted(queries)}",
            )
        receiver = text(inner(sent, "notification_settings"), "receiver", "")
        if receiver and not exists(self._store, receiver):
            raise RefusedError(
                400, f"invalid alert rule '{title}': receiver '{receiver}' does not exist"
            )
        before = known.get(uid)
        return {
            "notification_settings": None,
            "record": None,
            **sent,
            "id": before["id"] if before else self._store.next_number("rules"),
            "uid": uid,
            "orgID": 1,
            "folderUID": folder,
            "ruleGroup": group,
            "isPaused": sent.get("isPaused") is True,
            "updated": plain(now()),
            "provenance": owner,
        }

    def _check_unique(self, identifier: str, folder: str, rules: list[Document]) -> None:
        for group, other in self._all():
            if group.id == identifier:
                continue
            for rule in rules:
                if rule["uid"] == other["uid"]:
                    raise RefusedError(
                        409, f"conflict: rule uid {rule['uid']!r} is used in group {group.name!r}"
                    )
                if (other["folderUID"], other["title"]) == (folder, rule["title"]):
                    raise RefusedError(
                        409,
                        "conflict: a rule with the same title exists in the folder: "
                        f"{rule['title']!r}",
                    )
        for field in ("uid", "title"):
            seen: set[str] = set()
            for rule in rules:
                value = str(rule[field])
                if value in seen:
                    raise RefusedError(409, f"conflict: {field} {value!r} is there twice")
                seen.add(value)

    def _all(self) -> Iterator[tuple[Object, Document]]:
        for group in self._store.all("rule-groups", SCOPE):
            for rule in documents(group.body, "rules"):
                yield group, rule


def _told(held: Object) -> Document:
    return {
        "title": held.name,
        "folderUid": held.body["folder"],
        "interval": held.body["interval"],
        "rules": held.body["rules"],
    }
