"""What a person who follows a link to a dashboard sees: its panels and their queries."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from starlette.responses import HTMLResponse
from starlette.routing import Route

from localcloud.documents import inner
from localcloud.grafana.organisations import organisation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.requests import Request
    from starlette.responses import Response

    from localcloud.documents import Document
    from localcloud.store import Store

_PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
:root {{ color-scheme: light dark }}
body {{ font: 1rem/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto }}
body {{ padding: 0 1rem }}
section {{ border: 1px solid #8888; border-radius: .4rem; padding: .6rem 1rem; margin: .8rem 0 }}
h2 {{ font-size: 1.05rem; margin: 0 }}
p {{ margin: .3rem 0 }}
code {{ display: block; overflow-x: auto; white-space: pre-wrap }}
</style>
<h1>{title}</h1>
<p>{description}</p>
<p>There is no Grafana on this machine: these are the panels that one would draw.</p>
{panels}
<p><a href="/">The console</a></p>
</html>
"""

_PANEL = "<section><h2>{title}</h2><p>{description}</p>{queries}</section>"


class DashboardPages:
    """Pages for people, open to all on this machine: a dashboard holds no secret."""

    def __init__(self, store: Store) -> None:
        """Keep the store."""
        self._store = store

    def routes(self) -> list[Route]:
        """Return the routes."""
        return [Route("/d/{uid}", self._page), Route("/d/{uid}/{slug}", self._page)]

    async def _page(self, request: Request) -> Response:
        held = organisation(self._store, request).get("dashboards", request.path_params["uid"])
        if held is None:
            return HTMLResponse(
                _PAGE.format(title="No such dashboard", description="", panels=""), 404
            )
        model = inner(held.body, "model")
        page = _PAGE.format(
            title=escape(held.name),
            description=escape(_words(model, "description")),
            panels="\n".join(_panel(panel) for panel in _panels(model)),
        )
        return HTMLResponse(page)


def _panels(model: Document) -> Iterator[Document]:
    for panel in _documents(model.get("panels")):
        if panel.get("type") != "row":
            yield panel
        yield from _panels(panel)


def _panel(panel: Document) -> str:
    queries = (_words(target, "expr") for target in _documents(panel.get("targets")))
    return _PANEL.format(
        title=escape(_words(panel, "title")),
        description=escape(_words(panel, "description")),
        queries="".join(f"<code>{escape(query)}</code>" for query in queries if query),
    )


def _documents(value: object) -> list[Document]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _words(source: Document, key: str) -> str:
    """Return a text of a model, which nobody checked: anything else counts as none."""
    value = source.get(key)
    return value if isinstance(value, str) else ""
