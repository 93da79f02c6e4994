"""Health checks of a zone."""

from __future__ import annotations

from localcloud.cloudflare.directory import plan_of
from localcloud.cloudflare.envelope import MALFORMED, Refusal
from localcloud.cloudflare.kinds.rows import Draft, Field, Form, Kind
from localcloud.cloudflare.zone_plans import ZonePlan

NOT_FOUND = Refusal(status=404, code=1002, message="not found")

_REGIONS = (
    *("WNAM", "ENAM", "WEU", "EEU", "NSAM", "SSAM", "OC", "ME"),
    *("NAF", "SAF", "IN", "SEAS", "NEAS", "ALL_REGIONS"),
)
_PORT = Field(name="port", form=Form.WHOLE, default=80, least=1, most=65535)
_COUNT = 1_000_000

_FIELDS = (
    Field(name="name", required=True, longest=1024),
    Field(name="description", default=""),
    Field(name="suspended", form=Form.FLAG, default=False),
    Field(name="address", required=True, longest=1024),
    Field(name="retries", form=Form.WHOLE, default=2, least=0, most=_COUNT),
    Field(name="timeout", form=Form.WHOLE, default=5, least=1, most=_COUNT),
    Field(name="interval", form=Form.WHOLE, default=60, least=1, most=_COUNT),
    Field(name="consecutive_fails", form=Form.WHOLE, default=1, least=1, most=_COUNT),
    Field(name="consecutive_successes", form=Form.WHOLE, default=1, least=1, most=_COUNT),
    Field(name="type", default="HTTP", values=("HTTP", "HTTPS", "TCP")),
    Field(name="check_regions", form=Form.TEXTS, default=["WNAM"], values=_REGIONS),
    Field(
        name="http_config",
        form=Form.OBJECT,
        only_for=("HTTP", "HTTPS"),
        inner=(
            Field(name="method", default="GET", values=("GET", "HEAD")),
            _PORT,
            Field(name="path", default="/"),
            Field(name="expected_codes", form=Form.TEXTS, default=["200"]),
            Field(name="expected_body", default=""),
            Field(name="follow_redirects", form=Form.FLAG, default=False),
            Field(name="allow_insecure", form=Form.FLAG, default=False),
            Field(name="header", form=Form.OBJECT),
        ),
    ),
    Field(
        name="tcp_config",
        form=Form.OBJECT,
        only_for=("TCP",),
        inner=(
            Field(
                name="method",
                default="connection_established",
                values=("connection_established",),
            ),
            _PORT,
        ),
    ),
)


def _check_regions(draft: Draft) -> None:
    """See that a small zone does not ask from everywhere (reference of health checks)."""
    plan = plan_of(draft.store, draft.scope.partition("/")[2])
    regions = draft.body["check_regions"]
    everywhere = isinstance(regions, list) and "ALL_REGIONS" in regions
    if everywhere and plan in (ZonePlan.FREE, ZonePlan.PRO):
        raise MALFORMED.about(reason=f"check_regions: ALL_REGIONS is not for the {plan} plan")


KINDS = (
    Kind(
        name="healthchecks",
        pulumi_type="cloudflare:index/healthcheck:Healthcheck",
        paths=("/zones/{scope}/healthchecks",),
        fields=_FIELDS,
        natural="name",
        added={"status": "unknown", "failure_reason": ""},
        created="created_on",
        modified="modified_on",
        updates=("PUT", "PATCH"),
        check=_check_regions,
        missing=NOT_FOUND,
    ),
)
