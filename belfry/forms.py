"""How the texts of the platform file must look: names, addresses, paths."""

from __future__ import annotations

from typing import Annotated

from belfry.scalars import Form

NAME = Form(
    r"^[a-z][a-z0-9]{0,39}(-[a-z0-9]{1,39}){0,9}$",
    "a name in lower-case letters, digits and hyphens",
    "api",
)
Name = Annotated[str, NAME]
Reference = Annotated[str, Form(r"^\S+$", "a name", "api")]
"""A name that is defined elsewhere; whether it is, `meaning` says."""
SeverityName = Annotated[
    str,
    Form(r"^[A-Za-z][A-Za-z0-9-]{0,39}$", "a severity's name in letters, digits and hyphens", "P0"),
]
RuleName = Annotated[
    str, Form(r"^[A-Z][A-Za-z0-9]{1,63}$", "a rule's name, in words with capitals", "WorkerDown")
]
RunbookPage = Annotated[
    str, Form(r"^(own/)?[A-Za-z0-9-]+\.md$", "the name of a page", "WorkerDown.md")
]
"""Of the folder `runbooks/`, or of a team's own in it."""
_PATH = "a path in plain letters that begins with a slash, without blank, query or fragment"
UrlPath = Annotated[str, Form(r"^/[!$%&-;=@-Z_a-z~]*$", _PATH, "/api/health")]
AskedPath = Annotated[
    str,
    Form(
        r"^/[!$%&-;=@-Z_a-z~]*(\?[!$%&-;=?@-Z_a-z~]+)?$",
        "a path and query in plain letters that begin with a slash, without blank or fragment",
        "/api/health?full=1",
    ),
]
"""A path, and perhaps a query: what a request sends of an address."""
Url = Annotated[
    str,
    Form(
        r"^https?://[A-Za-z0-9.:\[\]-]+(/[!$%&-;=@-Z_a-z~]*)?$",
        "an http or https address",
        "https://grafana.example.com",
    ),
]
Domain = Annotated[
    str,
    Form(
        r"^(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$",
        "a host name in lower case",
        "example.com",
    ),
]
DnsName = Annotated[
    str,
    Form(
        r"^(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9])?"
        r"(\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9])?)*$",
        "a DNS name in lower case",
        "_dmarc.example.com",
    ),
]
"""Unlike a host's name, it may hold underscores, as records about mail do."""
Mail = Annotated[str, Form(r"^[^@\s<>]+@[^@\s<>]+$", "a mail address", "alerts@example.com")]
Script = Annotated[
    str,
    Form(
        r"^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$",
        "a script name that Cloudflare takes: lower-case letters, digits and hyphens, at most 63",
        "pitchey-api",
    ),
]
Bucket = Annotated[
    str,
    Form(
        r"^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$",
        "a bucket's name that R2 takes: lower-case letters, digits and hyphens, 3 to 63",
        "pitchey-uploads",
    ),
]
HostPort = Annotated[
    str,
    Form(
        r"^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?:"
        r"([1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5])$",
        "a host and a port up to 65535",
        "postgres:5432",
    ),
]
Phone = Annotated[
    str,
    Form(
        r"^\+[1-9][0-9]{6,14}$",
        "a telephone number with its country and no blanks",
        '"+14155550100"',
    ),
]
HeaderValue = Annotated[
    str, Form(r"^[!-~]([ -~]{0,998}[!-~])?$", "a header's value in plain letters", "no-cache")
]
MetricName = Annotated[
    str,
    Form(
        r"^[a-zA-Z_][a-zA-Z0-9_.:]{0,127}$",
        "a metric's name in letters, digits and underscores",
        "http_requests_total",
    ),
]
Variable = Annotated[
    str,
    Form(
        r"^[A-Z][A-Z0-9_]{0,63}$",
        "a variable's name in capitals, digits and underscores",
        "LOG_LEVEL",
    ),
]
FieldName = Annotated[
    str, Form(r"^[A-Za-z_][A-Za-z0-9_.-]{0,63}$", "the name of a field", "password")
]
PathPattern = Annotated[
    str,
    Form(r"^/[!$%&-;=@-Z_a-z~]*$", "a path, with * for any part", "/api/auth/*"),
]
Origin = Annotated[
    str,
    Form(
        r"^https?://[A-Za-z0-9.:\[\]${}-]+$",
        "an origin: scheme and host",
        "https://example.com",
    ),
]
Image = Annotated[
    str,
    Form(
        r"^[a-z0-9][a-z0-9./_-]{0,127}"
        r"(:[A-Za-z0-9._-]{1,64}(@sha256:[0-9a-f]{64})?|@sha256:[0-9a-f]{64})$",
        "an image with its version or digest",
        "prom/prometheus:v3.5.0",
    ),
]
