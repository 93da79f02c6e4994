"""SQL for a D1 database, run where the Workers that are bound to it run theirs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.routing import Route

from localcloud.cloudflare.envelope import Refusal, success
from localcloud.cloudflare.kinds import KIND
from localcloud.cloudflare.resources import scope_of
from localcloud.documents import document, documents, inner, items, parse, text
from localcloud.shelves import Statement, StatementError

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from localcloud.documents import Document, Value
    from localcloud.shelves import Shelves
    from localcloud.store import Store

REFUSED = Refusal(status=400, code=7500, message="{reason}")
BAD_QUERY = Refusal(status=400, code=7400, message="The request is malformed: {reason}")

_LONGEST = 100_000
"""Bytes of one statement (limits of D1)."""
_MOST_PARAMETERS = 100
"""Of one statement (limits of D1)."""


class Databases:
    """The routes below a database."""

    def __init__(self, store: Store, shelves: Shelves) -> None:
        """Keep the store and whoever keeps the contents."""
        self._store = store
        self._shelves = shelves

    def routes(self) -> list[Route]:
        """Return the routes."""
        database = "/accounts/{scope}/d1/database/{id}"
        return [
            Route(f"{database}/query", self._query, methods=["POST"]),
            Route(f"{database}/raw", self._raw, methods=["POST"]),
        ]

    async def _query(self, request: Request) -> Response:
        results: list[Value] = [*await self._run(request)]
        return success(results)

    async def _raw(self, request: Request) -> Response:
        return success([_as_rows(result) for result in await self._run(request)])

    async def _run(self, request: Request) -> list[Document]:
        held = self._store.get("databases", scope_of(request), request.path_params["id"])
        if held is None:
            raise KIND["databases"].missing.about()
        sent = document(parse(await request.body()))
        batch = documents(sent, "batch") if "batch" in sent else [sent]
        statements = [_statement(item) for item in batch]
        if not statements:
            raise BAD_QUERY.about(reason="batch is empty")
        try:
            return await self._shelves.query(str(held.hidden["storage"]), statements)
        except StatementError as problem:
            raise REFUSED.about(reason=str(problem)) from problem


def _statement(item: Document) -> Statement:
    sql = text(item, "sql")
    if len(sql.encode()) > _LONGEST:
        raise BAD_QUERY.about(reason=f"a statement may have {_LONGEST} bytes")
    params = items(item, "params")
    if len(params) > _MOST_PARAMETERS:
        raise BAD_QUERY.about(reason=f"a statement may have {_MOST_PARAMETERS} parameters")
    for param in params:
        if isinstance(param, (dict, list)):
            raise BAD_QUERY.about(reason="params must be texts, numbers or null")
    return Statement(sql=sql, params=tuple(params))


def _as_rows(result: Document) -> Document:
    """Return a result with its rows as lists, beside the names of their columns."""
    objects = documents(result, "results")
    columns = list(objects[0]) if objects else []
    rows: list[Value] = [[row.get(column) for column in columns] for row in objects]
    return {
        "results": {"columns": [*columns], "rows": rows},
        "success": result.get("success"),
        "meta": inner(result, "meta"),
    }
