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
    str, Form(r"^[A-Za-z][A-Za-z0-9-]{0,39}$", "a name in letters, digits and hyphens", "P0")
]
RuleName = Annotated[
    str, Form(r"^[A-Z][A-Za-z0-9]{1,63}$", "a rule's name, in words with capitals", "WorkerDown")
]
UrlPath = Annotated[
    str, Form(r"^/[!$%&-;=@-Z_a-z~]*$", "a path that begins with a slash", "/api/health")
]
Url = Annotated[
    str,
    Form(
        r"^https?://[A-Za-z0-9.:\[\]-]+(/[!$%&-;=@-Z_a-z~]*)?$",
        "an http or https address",
        "https://grafana.example.com",
    ),
]
Domain = Annotated[
    str, Form(r"^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$", "a host name in lower case", "example.com")
]
Mail = Annotated[str, Form(r"^[^@\s<>]+@[^@\s<>]+$", "a mail address", "alerts@example.com")]
Script = Annotated[
    str,
    Form(
        r"^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$",
        "a script name that Cloudflare takes: lower-case letters, digits and hyphens, at most 63",
        "pitchey-api",
    ),
]
