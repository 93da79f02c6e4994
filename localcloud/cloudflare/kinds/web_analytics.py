"""Sites of Web Analytics."""

from __future__ import annotations

import html
import json
import secrets
from typing import TYPE_CHECKING

from localcloud.cloudflare.envelope import Refusal
from localcloud.cloudflare.kinds.health_checks import NOT_FOUND
from localcloud.cloudflare.kinds.rows import Draft, Field, Form, Kind

if TYPE_CHECKING:
    from localcloud.documents import Document
    from localcloud.store import Object, Store

_MALFORMED = Refusal(status=400, code=10001, message="invalid site: {reason}")


def _check(draft: Draft) -> None:
    body = draft.body
    host, zone = body.get("host"), body.get("zone_tag")
    if not host and not zone:
        raise _MALFORMED.about(reason="one of host and zone_tag is required")
    if body["auto_install"] and not zone:
        raise _MALFORMED.about(reason="auto_install needs a zone_tag")


def _made(_draft: Draft) -> Document:
    return {"site_token": secrets.token_hex(16), "ruleset_id": secrets.token_hex(16)}


def _tell(_store: Store, site: Object, told: Document) -> Document:
    """Tell a site: where it is shows only in its rules and ruleset."""
    token = str(told["site_token"])
    beacon = html.escape(json.dumps({"token": token}), quote=True)
    script = "https://static.cloudflareinsights.com/beacon.min.js"
    zone = told.get("zone_tag")
    return {
        "site_tag": site.id,
        "site_token": token,
        "created": told["created"],
        "auto_install": told["auto_install"],
        "snippet": f'<script defer src="{script}" data-cf-beacon="{beacon}"></script>',
        "rules": [],
        "ruleset": {
            "id": told["ruleset_id"],
            "zone_tag": zone,
            "zone_name": told.get("host") or "",
            "enabled": told["enabled"],
            "lite": told["lite"],
        }
        if zone
        else None,
        **({} if zone else {"host": told.get("host")}),
    }


KINDS = (
    Kind(
        name="web-analytics",
        pulumi_type="cloudflare:index/webAnalyticsSite:WebAnalyticsSite",
        paths=("/accounts/{scope}/rum/site_info",),
        listed_at="/list",
        fields=(
            Field(name="host", sparse=True, longest=253),
            Field(name="zone_tag", sparse=True, pattern="[0-9a-f]{32}"),
            Field(name="auto_install", form=Form.FLAG, default=False),
            Field(name="enabled", form=Form.FLAG, default=True),
            Field(name="lite", form=Form.FLAG, default=False),
        ),
        natural="host",
        identifier="site_tag",
        made=_made,
        tell=_tell,
        created="created",
        check=_check,
        missing=NOT_FOUND,
        malformed=_MALFORMED,
    ),
)
