"""Pages of lists: which lists have them, how long one may be, and where the next one begins."""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from localcloud.documents import Value


class PageError(ValueError):
    """A query asks for a page that a list does not have; the text names the parameter."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pages:
    """How a list is cut into pages."""

    usual: int
    """Results of a page when the query does not say."""
    least: int
    most: int
    orders: tuple[str, ...] = ()
    """Fields that the list can be ordered by."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page of a list."""

    results: list[Value]
    info: dict[str, Value]


_SCOPED = "/client/v4/(accounts|zones)/[^/]+"
_PAGED: tuple[tuple[str, Pages], ...] = (
    (
        f"{_SCOPED}/storage/kv/namespaces",
        Pages(usual=20, least=1, most=1000, orders=("id", "title")),
    ),
    (f"{_SCOPED}/queues", Pages(usual=100, least=1, most=100)),
    (f"{_SCOPED}/healthchecks", Pages(usual=25, least=5, most=1000)),
    (f"{_SCOPED}/d1/database", Pages(usual=1000, least=10, most=10_000)),
    (f"{_SCOPED}/access/(apps|policies)", Pages(usual=1000, least=1, most=1000)),
    (f"{_SCOPED}/pages/projects", Pages(usual=10, least=1, most=10)),
    (
        f"{_SCOPED}/rum/site_info/list",
        Pages(usual=10, least=1, most=1000, orders=("host", "created")),
    ),
    (f"{_SCOPED}/tokens", Pages(usual=20, least=5, most=50)),
    (
        "/client/v4/(accounts|zones|memberships)",
        Pages(usual=20, least=5, most=50, orders=("name",)),
    ),
)
"""Path of a list and its pages, as the API reference has them. Lists not here come whole."""
_COMPILED = tuple((re.compile(path), pages) for path, pages in _PAGED)


def pages_of(path: str) -> Pages | None:
    """Return how the list at a path is cut, or None: it always comes whole."""
    return next((pages for pattern, pages in _COMPILED if pattern.fullmatch(path)), None)


def page_of(results: Sequence[Value], pages: Pages | None, query: Mapping[str, str]) -> Page:
    """Return the page that a query asks for, with what the service tells of it.

    Nothing is looked up of results that are not on it, unless an order asks for all.

    Raises:
        PageError: `page`, `per_page`, `order` or `direction` is not what it may be.

    """
    total = len(results)
    if pages is None:
        return _told([*results], 1, max(total, 20), total)
    number = _number(query, "page", 1, least=1, most=2**31)
    length = _number(query, "per_page", pages.usual, least=pages.least, most=pages.most)
    ordered = _ordered(results, pages, query)
    on_it = ordered[(number - 1) * length : number * length]
    return _told([*on_it], number, length, total)


def after_cursor(
    results: list[Value],
    query: Mapping[str, str],
    *,
    by: str,
    option: str,
    usual: int,
    least: int = 1,
    most: int = 1000,
) -> tuple[list[Value], str, int]:
    """Return a page of a list that is told by cursor: the page, the next cursor, its length.

    The cursor names the last result, so that what is made or deleted between two calls neither
    repeats nor hides another.

    Args:
        results: objects, each with a text in its field `by`, by which they are ordered.
        query: the request's.
        by: the field.
        option: the parameter that says how long a page is.
        usual: its length when the query does not say.
        least: the shortest page.
        most: the longest page.

    Raises:
        PageError: the cursor is none of ours, or the length is not what it may be.

    """
    length = _number(query, option, usual, least=least, most=most)
    backwards = query.get("direction") == "desc"
    ordered = sorted(results, key=lambda result: _field(result, by), reverse=backwards)
    cursor = query.get("cursor")
    if cursor:
        last = _read(cursor)
        ordered = [
            result
            for result in ordered
            if (_field(result, by) < last if backwards else _field(result, by) > last)
        ]
    page = ordered[:length]
    more = len(ordered) > length
    return page, _cursor(_field(page[-1], by)) if more else "", length


def _told(results: list[Value], number: int, length: int, total: int) -> Page:
    return Page(
        results=results,
        info={
            "page": number,
            "per_page": length,
            "count": len(results),
            "total_count": total,
            "total_pages": -(-total // length) if total else 0,
        },
    )


def _number(query: Mapping[str, str], name: str, usual: int, *, least: int, most: int) -> int:
    sent = query.get(name)
    if sent is None:
        return usual
    if not re.fullmatch("[0-9]{1,10}", sent) or not least <= int(sent) <= most:
        raise PageError(f"{name} variable must be a number between {least} and {most}")
    return int(sent)


def _ordered(results: Sequence[Value], pages: Pages, query: Mapping[str, str]) -> Sequence[Value]:
    field, direction = query.get("order"), query.get("direction", "asc")
    if direction not in ("asc", "desc"):
        raise PageError("direction variable must be asc or desc")
    if field is not None and pages.orders:
        if field not in pages.orders:
            raise PageError(f"order variable must be one of {', '.join(pages.orders)}")
        results = sorted(results, key=lambda result: _field(result, field))
    return results[::-1] if direction == "desc" else results


def _field(result: Value, name: str) -> str:
    return str(result.get(name) or "") if isinstance(result, dict) else ""


def _cursor(last: str) -> str:
    return base64.urlsafe_b64encode(last.encode()).decode()


def _read(cursor: str) -> str:
    try:
        return base64.b64decode(cursor, altchars=b"-_", validate=True).decode()
    except ValueError as problem:
        raise PageError("cursor is not one that this list gave") from problem
