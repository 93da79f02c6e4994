"""Rules that Cloudflare applies to requests before a Worker or an origin sees them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from belfry.arguments.checked import check_name, check_once, check_some, check_within, refused


class Phase(StrEnum):
    """When a ruleset is applied; a zone or account has one of its own a phase."""

    RATE_LIMIT = "http_ratelimit"
    CUSTOM = "http_request_firewall_custom"


class Action(StrEnum):
    """What becomes of a request that a rule matches."""

    BLOCK = "block"
    CHALLENGE = "challenge"
    JS_CHALLENGE = "js_challenge"
    MANAGED_CHALLENGE = "managed_challenge"
    LOG = "log"
    SKIP = "skip"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """So many requests of the same asker in a period."""

    requests: int
    period: Literal[10, 60, 120, 300, 600, 3600, 86_400]
    """Seconds. Free has 10 alone, Pro up to 60, Business 600 too, Enterprise all."""
    timeout: int
    """Seconds for which the action goes on; 0: as long as the rate is too high."""
    by: tuple[str, ...] = ("ip.src",)
    """What tells askers apart, fields of the rules language. The data centre is always one."""

    def __post_init__(self) -> None:
        """Refuse a rate that matches nothing or everything.

        Raises:
            Problems: fewer than one request, a negative timeout, nothing that tells askers apart.

        """
        check_within("rate", "requests", self.requests, 1, 10_000_000)
        check_within("rate", "timeout", self.timeout, 0, 86_400)
        check_some("rate", "by", self.by, "field")
        check_once("rate", "by", (*self.by, "cf.colo.id"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a blocked asker is answered."""

    status: int
    content: str
    content_type: Literal["application/json", "text/html", "text/plain", "text/xml"]

    def __post_init__(self) -> None:
        """Refuse what is no refusal.

        Raises:
            Problems: the status is not 400 to 499.

        """
        check_within("answer", "status", self.status, 400, 499)


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestRule:
    """One rule. Its `ref` is what it is known by when others are added before it."""

    ref: str
    description: str
    expression: str
    """In Cloudflare's rules language."""
    action: Action
    rate: Rate | None = None
    answer: Answer | None = None
    enabled: bool = True

    def __post_init__(self) -> None:
        """Refuse a rule that the service would not take.

        Raises:
            Problems: no ref or expression, or an answer to a request that is not blocked.

        """
        check_name("rule", "ref", self.ref, longest=64)
        owner = f"rule {self.ref}"
        check_name(owner, "expression", self.expression, longest=4096)
        if self.answer is not None and self.action is not Action.BLOCK:
            wrong = f"{self.action} sends no answer of its own"
            raise refused(owner, "answer", wrong, f"use the action {Action.BLOCK}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruleset:
    """All rules of one phase of a zone, or of the account. There is one: rules by hand go."""

    name: str
    description: str
    phase: Phase
    rules: tuple[RequestRule, ...]
    """In the order in which they are tried."""
    of_account: bool = False

    def __post_init__(self) -> None:
        """Refuse rules that are of another phase.

        Raises:
            Problems: a rate where none belongs, or none where one must be; a ref twice.

        """
        owner = f"ruleset {self.name}"
        check_name(owner, "name", self.name)
        check_once(owner, "rules", (rule.ref for rule in self.rules))
        for rule in self.rules:
            limits = self.phase is Phase.RATE_LIMIT
            if limits is (rule.rate is None):
                wrong = f"{self.phase} takes {'only' if limits else 'no'} rules with a rate"
                raise refused(owner, f"rules.{rule.ref}.rate", wrong, "move it to another phase")
