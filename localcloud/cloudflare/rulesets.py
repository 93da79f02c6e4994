"""Rulesets of zones and accounts: their versions, and the one that each phase enters by."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.routing import Route

from localcloud.cloudflare.directory import plan_of
from localcloud.cloudflare.envelope import Refusal, listing, success
from localcloud.cloudflare.resources import new_id, scope_of
from localcloud.cloudflare.ruleset_rules import (
    INVALID,
    KINDS_OF,
    PHASES,
    RULESET,
    check_rules,
    checked_rule,
)
from localcloud.cloudflare.taking import taken
from localcloud.cloudflare.zone_plans import USUAL
from localcloud.documents import document, documents, parse, text
from localcloud.moments import now, precise

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.requests import Request
    from starlette.responses import Response

    from localcloud.documents import Document, Value
    from localcloud.store import Object, Store

PULUMI_TYPE = "cloudflare:index/ruleset:Ruleset"

MISSING = Refusal(status=404, code=10001, message="could not find ruleset")
NO_ENTRYPOINT = Refusal(
    status=404, code=10003, message="could not find entrypoint ruleset in the {phase} phase"
)
NO_RULE = Refusal(status=404, code=10002, message="could not find rule")

_ENTERING = {"zones": "zone", "accounts": "root"}
"""The kind of ruleset by which a phase of a zone or account is entered."""


class Rulesets:
    """The routes of rulesets."""

    def __init__(self, store: Store, changed: Callable[[str], None]) -> None:
        """Tell `changed` the kind of whatever is made, changed or deleted."""
        self._store = store
        self._changed = changed

    def routes(self) -> list[Route]:
        """Return the routes."""
        return [
            route
            for path in ("/zones/{scope}/rulesets", "/accounts/{scope}/rulesets")
            for route in (
                Route(path, self._collection, methods=["GET", "POST"]),
                Route(
                    f"{path}/phases/{{phase}}/entrypoint",
                    self._entrypoint,
                    methods=["GET", "PUT"],
                ),
                Route(f"{path}/{{id}}", self._member, methods=["GET", "PUT", "DELETE"]),
                Route(f"{path}/{{id}}/rules", self._rules, methods=["POST"]),
                Route(f"{path}/{{id}}/rules/{{rule}}", self._rule, methods=["PATCH", "DELETE"]),
            )
        ]

    async def _collection(self, request: Request) -> Response:
        scope = scope_of(request)
        if request.method == "POST":
            sent = taken(RULESET, document(parse(await request.body())), INVALID)
            with self._store.transaction():
                self._check_place(scope, sent)
                held = self._put(scope, new_id(), sent, None)
            self._changed("rulesets")
            return success(_told(held))
        brief: list[Value] = [
            {name: value for name, value in _told(held).items() if name != "rules"}
            for held in self._store.all("rulesets", scope)
        ]
        return listing(brief, request)

    async def _entrypoint(self, request: Request) -> Response:
        scope, phase = scope_of(request), str(request.path_params["phase"])
        if phase not in PHASES:
            raise INVALID.about(reason=f"'{phase[:100]}' is not a valid value for phase")
        held = self._entered(scope, phase)
        if request.method == "PUT":
            kind = _ENTERING[scope.partition("/")[0]]
            sent = document(parse(await request.body()))
            whole = {"name": "default", **sent, "kind": kind, "phase": phase}
            body = taken(RULESET, whole, INVALID)
            with self._store.transaction():
                held = self._put(scope, held.id if held else new_id(), body, held)
            self._changed("rulesets")
        if held is None:
            raise NO_ENTRYPOINT.about(phase=phase)
        return success(_told(held))

    async def _member(self, request: Request) -> Response:
        held = self._found(request)
        if request.method == "DELETE":
            self._store.delete("rulesets", held.scope, held.id)
            self._changed("rulesets")
            # The service answers 204; clients that read a body of every answer fail at that.
            return success({"id": held.id})
        if request.method == "PUT":
            sent = document(parse(await request.body()))
            for name in ("kind", "phase"):
                if sent.get(name) not in (None, held.body[name]):
                    raise INVALID.about(reason=f"{name} of a ruleset cannot be changed")
            body = taken(RULESET, {**held.body, **sent}, INVALID)
            with self._store.transaction():
                held = self._put(held.scope, held.id, body, held)
            self._changed("rulesets")
        return success(_told(held))

    async def _rules(self, request: Request) -> Response:
        held = self._found(request)
        rule = document(parse(await request.body()))
        return success(_told(self._with_rules(held, [*documents(held.body, "rules"), rule])))

    async def _rule(self, request: Request) -> Response:
        held = self._found(request)
        wanted = request.path_params["rule"]
        rules = documents(held.body, "rules")
        if not any(rule["id"] == wanted for rule in rules):
            raise NO_RULE.about()
        if request.method == "DELETE":
            return success(_told(self._with_rules(held, [r for r in rules if r["id"] != wanted])))
        change = document(parse(await request.body()))
        changed = [{**r, **change, "id": wanted} if r["id"] == wanted else r for r in rules]
        return success(_told(self._with_rules(held, changed)))

    def _with_rules(self, held: Object, rules: list[Document]) -> Object:
        body = taken(RULESET, {**held.body, "rules": [*rules]}, INVALID)
        with self._store.transaction():
            changed = self._put(held.scope, held.id, body, held)
        self._changed("rulesets")
        return changed

    def _found(self, request: Request) -> Object:
        held = self._store.get("rulesets", scope_of(request), request.path_params["id"])
        if held is None:
            raise MISSING.about()
        return held

    def _entered(self, scope: str, phase: str) -> Object | None:
        kind = _ENTERING[scope.partition("/")[0]]
        for held in self._store.all("rulesets", scope):
            if held.body["phase"] == phase and held.body["kind"] == kind:
                return held
        return None

    def _check_place(self, scope: str, sent: Document) -> None:
        """See that there may be a ruleset of a kind in a phase.

        Raises:
            RefusedError: not there, or there is one already by which the phase is entered.

        """
        family = scope.partition("/")[0]
        kind, phase = text(sent, "kind"), text(sent, "phase")
        if kind not in KINDS_OF[family]:
            raise INVALID.about(reason=f"'{kind}' is not a valid value for kind of {family}")
        if kind == _ENTERING[family] and self._entered(scope, phase):
            raise INVALID.about(
                reason=f"'{kind}' is not a valid value for kind because exceeded maximum number"
                f" of {kind} rulesets for phase {phase}"
            )

    def _put(self, scope: str, identifier: str, sent: Document, before: Object | None) -> Object:
        """Store a ruleset as its next version.

        Raises:
            RefusedError: one of its rules cannot be.

        """
        family, _, owner = scope.partition("/")
        known = (
            {str(rule["id"]): rule for rule in documents(before.body, "rules")} if before else {}
        )
        by_ref = {str(rule["ref"]): rule for rule in known.values()}
        rules: list[Value] = []
        for place, rule in enumerate(documents(sent, "rules")):
            checked = checked_rule(rule, text(sent, "phase"), f"rules[{place}]")
            same = known.get(str(rule.get("id"))) or by_ref.get(str(rule.get("ref")))
            rules.append(_versioned(checked, same))
        plan = plan_of(self._store, owner) if family == "zones" else USUAL
        check_rules([document(rule) for rule in rules], text(sent, "phase"), plan)
        version = int(text(before.body, "version")) + 1 if before else 1
        body: Document = {**sent, "rules": rules, "version": str(version)}
        return self._store.put("rulesets", scope, identifier, name=text(sent, "name"), body=body)


def _versioned(rule: Document, before: Document | None) -> Document:
    """Return a rule with its id, and with the next version if it is another than before."""
    identifier = str(before["id"]) if before else new_id()
    whole: Document = {**rule, "id": identifier, "ref": rule.get("ref") or identifier}
    told = ("version", "last_updated")
    if before and whole == {name: value for name, value in before.items() if name not in told}:
        return before
    version = int(str(before["version"])) + 1 if before else 1
    return {**whole, "version": str(version), "last_updated": precise(now())}


def _told(held: Object) -> Document:
    return {**held.body, "id": held.id, "last_updated": precise(held.modified)}
