"""Logpush jobs, of an account or of a zone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from localcloud.cloudflare.envelope import Refusal
from localcloud.cloudflare.kinds.rows import (
    Draft,
    Field,
    Form,
    Identity,
    Kind,
    Secrecy,
    empty_object,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

_MALFORMED = Refusal(status=400, code=10001, message="invalid job: {reason}")

_ZONE_DATASETS = (
    *("dns_logs", "firewall_events", "http_requests", "nel_reports", "page_shield_events"),
    *("spectrum_events", "zaraz_events"),
)
_ACCOUNT_DATASETS = (
    *("access_requests", "audit_logs", "audit_logs_v2", "biso_user_actions", "casb_findings"),
    *("device_posture_results", "dex_application_tests", "dex_device_state_events"),
    *("dlp_forensic_copies", "dns_firewall_logs", "email_security_alerts"),
    *("email_security_post_delivery_events", "gateway_dns", "gateway_http", "gateway_network"),
    *("ipsec_logs", "magic_ids_detections", "mcp_portal_logs", "network_analytics_logs"),
    *("sinkhole_http_logs", "ssh_logs", "warp_config_changes", "warp_toggle_changes"),
    *("workers_trace_events", "zero_trust_network_sessions"),
)
_DATASETS: Mapping[str, tuple[str, ...]] = {
    "accounts": _ACCOUNT_DATASETS,
    "zones": _ZONE_DATASETS,
}
"""Which logs are an account's and which a zone's (reference of log fields)."""

_DESTINATION = re.compile(r"[a-z][a-z0-9+.-]*://\S+")


def _check(draft: Draft) -> None:
    family = draft.scope.partition("/")[0]
    dataset = draft.body.get("dataset")
    if dataset not in _DATASETS[family]:
        raise _MALFORMED.about(reason=f"{dataset} is no dataset of {family}")
    if not _DESTINATION.fullmatch(str(draft.body["destination_conf"])):
        raise _MALFORMED.about(reason="destination_conf must be a URL such as r2://bucket/{DATE}")


KINDS = (
    Kind(
        name="logpush-jobs",
        pulumi_type="cloudflare:index/logpushJob:LogpushJob",
        paths=("/accounts/{scope}/logpush/jobs", "/zones/{scope}/logpush/jobs"),
        fields=(
            Field(name="dataset", default="http_requests"),
            # It holds the keys of whoever takes the logs.
            Field(
                name="destination_conf",
                required=True,
                longest=4096,
                secrecy=Secrecy.GUARDED,
            ),
            Field(name="name", default="", pattern=r"[a-zA-Z0-9.\-]*", longest=512),
            Field(name="enabled", form=Form.FLAG, default=False),
            Field(name="filter", default=""),
            Field(name="frequency", default="high", values=("high", "low")),
            Field(name="kind", default="", values=("", "edge", "instant-logs")),
            Field(name="logpull_options", default=""),
            Field(
                name="output_options",
                form=Form.OBJECT,
                sparse=True,
                inner=(
                    Field(name="batch_prefix", sparse=True),
                    Field(name="batch_suffix", sparse=True),
                    Field(name="CVE-2021-44228", form=Form.FLAG, default=False),
                    Field(name="field_delimiter", sparse=True),
                    Field(name="field_names", form=Form.TEXTS, sparse=True),
                    Field(name="merge_subrequests", form=Form.FLAG, sparse=True),
                    Field(name="output_type", sparse=True, values=("ndjson", "csv")),
                    Field(name="record_delimiter", sparse=True),
                    Field(name="record_prefix", sparse=True),
                    Field(name="record_suffix", sparse=True),
                    Field(name="record_template", sparse=True),
                    Field(name="sample_rate", form=Form.DECIMAL, sparse=True, least=0, most=1),
                    Field(
                        name="timestamp_format",
                        sparse=True,
                        values=("unixnano", "unix", "rfc3339", "rfc3339ms", "rfc3339ns"),
                    ),
                ),
            ),
            # Bounds of the API reference; 0 switches each off.
            Field(
                name="max_upload_bytes",
                form=Form.WHOLE,
                default=0,
                least=5_000_000,
                most=1_000_000_000,
                off=True,
            ),
            Field(
                name="max_upload_interval_seconds",
                form=Form.WHOLE,
                default=0,
                least=30,
                most=300,
                off=True,
            ),
            Field(
                name="max_upload_records",
                form=Form.WHOLE,
                default=0,
                least=1000,
                most=1_000_000,
                off=True,
            ),
        ),
        natural="name",
        identity=Identity.NUMBER,
        created_status=201,
        added={"last_complete": None, "last_error": None, "error_message": None},
        deleted=empty_object,
        check=_check,
        missing=Refusal(status=404, code=1002, message="not found"),
        malformed=_MALFORMED,
    ),
)
