"""How secrets of well-known services look, wherever they stand: a row each."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, slots=True)
class Look:
    """A secret that is known by its form."""

    what: str
    hints: tuple[str, ...]
    """One of them is part of each such secret, and of few other texts."""
    pattern: str

    @property
    def form(self) -> re.Pattern[str]:
        """The pattern, compiled where a hint is found: few are ever looked for."""
        return re.compile(self.pattern)


def _look(what: str, hints: str, pattern: str) -> Look:
    return Look(what, tuple(hints.split()), pattern)


LOOKS = (
    _look(
        "the address of a Slack webhook",
        "hooks.slack",
        r"https?://hooks\.slack(-gov)?\.com/(services|workflows|triggers)/\S{6}",
    ),
    _look(
        "the address of a Discord webhook",
        "discord",
        r"https?://([a-z]+\.)?discord(app)?\.com/api/(v[0-9]+/)?webhooks/[0-9]+/\S",
    ),
    _look(
        "the address of a Teams workflow",
        "webhook.office logic.azure powerplatform",
        r"https?://[\w.-]+\.(webhook\.office\.com/\S"
        r"|(logic\.azure|powerplatform)\.com\S*[?&]sig=\S)",
    ),
    _look("a Sentry DSN", "@", r"https?://[0-9a-f]{32}(:[0-9a-f]{32})?@[\w.-]+\S*/[0-9]"),
    _look(
        "an address with a password",
        "@",
        # Only where a word begins: else each of its letters is tried in turn.
        r"(?<![A-Za-z0-9+.-])[A-Za-z][A-Za-z0-9+.-]*://[^\s/@:]*:(?!\$\{)[^\s/@]+@[^\s/]",
    ),
    _look("a private key", "-----BEGIN", r"-----BEGIN [A-Z ]*PRIVATE KEY( BLOCK)?-----"),
    _look("an age key", "AGE-SECRET-KEY-", r"AGE-SECRET-KEY-1[A-Z0-9]{20}"),
    _look("a JSON Web Token", "eyJ", r"(?<![\w-])eyJ[\w-]{8,}\.[\w-]{4,}\.[\w-]*"),
    _look(
        "the value of an Authorization header",
        "Bearer bearer BEARER Basic basic BASIC",
        r"(?<![A-Za-z])(?i:bearer|basic)\s+(?=\S*[0-9=])[\w.~+/=-]{8}",
    ),
    _look("a key of Stripe", "_live_ _test_", r"(?<![^\W_])[sr]k_(live|test)_[A-Za-z0-9]{8}"),
    _look("the secret of a Stripe webhook", "whsec_", r"(?<![^\W_])whsec_[A-Za-z0-9+/=]{16}"),
    _look("a GitHub token", "ghp_ gho_ ghu_ ghs_ ghr_", r"(?<![^\W_])gh[pousr]_[A-Za-z0-9]{16}"),
    _look("a GitHub token", "github_pat_", r"github_pat_\w{20}"),
    _look(
        "a GitLab token",
        "glpat- glptt- gldt- glrt- glcbt-",
        r"(?<![^\W_])gl(pat|ptt|dt|rt|cbt)-[\w-]{16}",
    ),
    _look("a Slack token", "xox xapp-", r"(?<![^\W_])(xox[abeprs]|xapp)-[\w-]{10}"),
    _look("an AWS access key", "AKIA ASIA", r"(?<![^\W_])A(KI|SI)A[A-Z0-9]{16}(?![^\W_])"),
    _look(
        "a Google key",
        "AIza ya29. GOCSPX-",
        r"(?<![^\W_])(AIza[\w-]{30}|ya29\.[\w-]{20}|GOCSPX-[\w-]{20})",
    ),
    _look("a SendGrid key", "SG.", r"(?<![^\W_])SG\.[\w-]{16,}\.[\w-]{16}"),
    _look("a Brevo key", "xkeysib- xsmtpsib-", r"(?<![^\W_])x(key|smtp)sib-[\w-]{16}"),
    _look("a Mailgun key", "key-", r"(?<![^\W_])key-[0-9a-f]{32}(?![^\W_])"),
    _look("a Grafana token", "glsa_ glc_", r"(?<![^\W_])gl(sa|c)_[\w+/=-]{20}"),
    _look("a Sentry token", "sntrys_ sntryu_", r"(?<![^\W_])sntry[su]_\S{20}"),
    _look("a Pulumi token", "pul-", r"(?<![^\W_])pul-[0-9a-f]{40}"),
    _look("a Vault token", "hvb. hvs. hvr.", r"(?<![^\W_])hv[bsr]\.[\w-]{20}"),
    _look("a New Relic key", "NRAK-", r"(?<![^\W_])NRAK-[A-Z0-9]{20}"),
    _look("a Shopify token", "shpat_ shpca_ shppa_ shpss_", r"shp(at|ca|pa|ss)_[0-9a-fA-F]{20}"),
    _look("a DigitalOcean token", "_v1_", r"(?<![^\W_])do[opr]_v1_[0-9a-f]{40}"),
    _look("an npm token", "npm_", r"(?<![^\W_])npm_[A-Za-z0-9]{30}"),
    _look("a PyPI token", "pypi-", r"(?<![^\W_])pypi-[\w-]{40}"),
    _look(
        "a key of an AI service",
        "sk-",
        r"(?<![^\W_])sk-((ant|proj|svcacct)-[\w-]{20}|[A-Za-z0-9]{32})",
    ),
)
"""As the issuers document them, or as scanners of secrets know them."""

_SHORTEST = 15
"""Characters; shorter is only an address with a password."""
_HINTS = tuple({hint: None for look in LOOKS for hint in look.hints})
_REST = r"""[^\s"'`]*"""
"""What goes on after the form of a secret is part of it."""


def form_of(text: str) -> str | None:
    """Say which secret a text is or holds, by its form; None when it has none that is known."""
    found = next(_found_in(text), None)
    return found.what if found else None


def secrets_by_form(text: str) -> tuple[tuple[str, re.Match[str]], ...]:
    """Give the parts of a text that have the form of a secret: which, and where, to its end."""
    return tuple(
        (look.what, match)
        for look in _found_in(text)
        for match in re.finditer(f"{look.pattern}{_REST}", text)
    )


def _found_in(text: str) -> Iterator[Look]:
    if len(text) < _SHORTEST and "@" not in text:
        return
    hints = [hint for hint in _HINTS if hint in text]
    if not hints:
        return
    for look in LOOKS:
        if any(hint in hints for hint in look.hints) and look.form.search(text):
            yield look
