"""The lifecycle of an R2 bucket: rules that delete or move objects with age."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.routing import Route

from localcloud.cloudflare.envelope import MALFORMED, success
from localcloud.cloudflare.kinds import KIND
from localcloud.cloudflare.resources import scope_of
from localcloud.documents import document, documents, parse, text

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from localcloud.documents import Value
    from localcloud.store import Store


class Lifecycles:
    """The one route below a bucket."""

    def __init__(self, store: Store) -> None:
        """Keep the store."""
        self._store = store

    def routes(self) -> list[Route]:
        """Return the route."""
        path = "/accounts/{scope}/r2/buckets/{bucket}/lifecycle"
        return [Route(path, self._lifecycle, methods=["GET", "PUT"])]

    async def _lifecycle(self, request: Request) -> Response:
        bucket = self._store.get("buckets", scope_of(request), request.path_params["bucket"])
        if bucket is None:
            raise KIND["buckets"].missing.about()
        scope = f"{bucket.scope}/buckets/{bucket.id}"
        if request.method == "GET":
            held = self._store.get("lifecycles", scope, bucket.id)
            return success({"rules": [] if held is None else held.body.get("rules")})
        sent = document(parse(await request.body()))
        names = [text(rule, "id") for rule in documents(sent, "rules")]
        for name in names:
            if names.count(name) > 1:
                raise MALFORMED.about(reason=f"rule id {name!r} is used {names.count(name)} times")
        rules: list[Value] = list(documents(sent, "rules"))
        self._store.put("lifecycles", scope, bucket.id, name=bucket.name, body={"rules": rules})
        return success({})
