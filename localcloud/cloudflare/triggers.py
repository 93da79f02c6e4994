"""What makes a Worker run: its schedules, and whether it has an address of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.routing import Route

from localcloud.addresses import address_of
from localcloud.allowances import Exceeded
from localcloud.cloudflare.envelope import Refusal, success
from localcloud.cloudflare.worker_store import find
from localcloud.crons import CronError, next_run
from localcloud.documents import MalformedError, document, flag, parse, text
from localcloud.moments import now, precise

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.requests import Request
    from starlette.responses import Response

    from localcloud.cloudflare.worker_store import Starter
    from localcloud.documents import Document, Value
    from localcloud.store import Object, Store

TOO_MANY_CRONS = Refusal(
    status=400,
    code=10072,
    message=(
        "This account has reached the Workers {plan} limit of {most} cron triggers per account."
    ),
)
BAD_CRON = Refusal(status=400, code=10100, message="invalid cron string: {reason}")


class Triggers:
    """The routes of schedules and subdomains."""

    def __init__(self, store: Store, starter: Starter, changed: Callable[[str], None]) -> None:
        """Tell `changed` the kind of whatever is made, changed or deleted."""
        self._store = store
        self._starter = starter
        self._changed = changed

    def routes(self) -> list[Route]:
        """Return the routes."""
        script = "/accounts/{scope}/workers/scripts/{script}"
        return [
            Route(f"{script}/schedules", self._schedules, methods=["GET", "PUT"]),
            Route(f"{script}/subdomain", self._subdomain, methods=["GET", "POST", "DELETE"]),
        ]

    async def _schedules(self, request: Request) -> Response:
        held = find(self._store, request)
        scope = f"{held.scope}/scripts/{held.id}"
        if request.method == "PUT":
            crons = _crons(parse(await request.body()))
            self._check_count(held, len(crons))
            with self._store.transaction():
                for known in self._store.all("schedules", scope):
                    if known.id not in crons:
                        self._store.delete("schedules", scope, known.id)
                for cron in crons:
                    self._store.put("schedules", scope, cron, name=cron, body={"cron": cron})
            self._changed("schedules")
        return success(
            {
                "schedules": [
                    {
                        "cron": known.id,
                        "created_on": precise(known.created),
                        "modified_on": precise(known.modified),
                    }
                    for known in self._store.all("schedules", scope)
                ]
            }
        )

    def _check_count(self, script: Object, wanted: int) -> None:
        """See that the account has no more crons than its plan allows.

        An account that has more already cannot even reduce them: so it is with Cloudflare's.

        Raises:
            RefusedError: it would have more, or has.

        """
        allowed = self._starter.allowances
        account = f"{script.scope}/scripts/"
        own, others = f"{account}{script.id}", 0
        present = 0
        for known in self._store.all("schedules"):
            if known.scope.startswith(account):
                present += 1
                others += known.scope != own
        if present > allowed.crons or others + wanted > allowed.crons:
            exceeded = Exceeded(
                script=address_of(script),
                limit="crons",
                figure=max(present, others + wanted),
                allowed=allowed.crons,
                on="schedules",
                text=f"more than {allowed.crons} crons in the account: the schedules are refused",
            )
            self._starter.note_limit(exceeded)
            raise TOO_MANY_CRONS.about(
                plan=allowed.plan.value.capitalize(), most=str(allowed.crons)
            )

    async def _subdomain(self, request: Request) -> Response:
        held = find(self._store, request)
        scope = f"{held.scope}/scripts/{held.id}"
        if request.method == "DELETE":
            self._store.delete("subdomains", scope, held.id)
            self._changed("subdomains")
        elif request.method == "POST":
            sent = document(parse(await request.body()))
            body: Document = {
                "enabled": flag(sent, "enabled"),
                "previews_enabled": flag(sent, "previews_enabled"),
            }
            self._store.put("subdomains", scope, held.id, name=held.name, body=body)
            self._changed("subdomains")
        known = self._store.get("subdomains", scope, held.id)
        off: Document = {"enabled": False, "previews_enabled": False}
        return success(off if known is None else known.body)


def _crons(sent: Value) -> list[str]:
    """Return the expressions of a request: a bare list, each in an object."""
    if not isinstance(sent, list):
        raise MalformedError("the body must be a list of {cron}")
    crons: list[str] = []
    for item in sent:
        cron = text(document(item, "a schedule"), "cron")
        try:
            next_run(cron, now())
        except CronError as problem:
            raise BAD_CRON.about(reason=str(problem)) from problem
        if cron not in crons:
            crons.append(cron)
    return crons
