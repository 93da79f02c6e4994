"""Access: who may do what with the monitoring, and how they prove who they are."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated

from belfry.arguments import Secret
from belfry.forms import Domain, Name, Reference, Url
from belfry.shapes import Says


class Right(StrEnum):
    """What somebody may do."""

    VIEW = "view"
    ACKNOWLEDGE = "acknowledge"
    SILENCE = "silence"
    CONFIGURE = "configure"
    SUBMIT_METRICS = "submit-metrics"
    READ_METRICS = "read-metrics"


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """People, and what they may do."""

    who: Annotated[
        tuple[Reference, ...],
        Says("Teams, rotations and contacts.", "operations", one_or_more=True),
    ]
    may: Annotated[tuple[Right, ...], Says("What they may do.", "[view, acknowledge]")]
    severities: Annotated[
        tuple[Reference, ...], Says("Of these severities only; none: of all.", "[P0]")
    ] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """A program, what it may do, and its key."""

    key: Annotated[Secret, Says("The key.", "secret:ingest-key")]
    may: Annotated[tuple[Right, ...], Says("What it may do.", "[submit-metrics]")]


@dataclass(frozen=True, slots=True, kw_only=True)
class OAuth:
    """People log in where they have an account already."""

    issuer: Annotated[Url, Says("Who knows them.", "https://login.example.com")]
    client: Annotated[str, Says("Belfry's name there.", "grafana")]
    secret: Annotated[Secret, Says("Belfry's secret there.", "secret:oauth-client")]
    domains: Annotated[
        tuple[Domain, ...], Says("Mail domains that are let in.", "example.com", one_or_more=True)
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """Who may do what with the monitoring, and how they prove who they are."""

    roles: Annotated[Mapping[Name, Role], Says("People, and what they may do.")] = field(
        default_factory=dict
    )
    keys: Annotated[Mapping[Name, Key], Says("Programs, and what they may do.")] = field(
        default_factory=dict
    )
    oauth: Annotated[OAuth | None, Says("Where people log in.")] = None
    public: Annotated[bool, Says("The status page is for everybody.", "true")] = False
