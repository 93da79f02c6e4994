"""Journeys: what a user does, step by step, made again and again."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated, Literal

from belfry.arguments import Secret
from belfry.forms import Name, Reference
from belfry.language.checks import Expect
from belfry.scalars import Bounds, Length
from belfry.shapes import Says
from belfry.values.duration import Duration
from belfry.values.header import HeaderName
from belfry.values.json_path import JsonPath
from belfry.values.quorum import Quorum
from belfry.values.template import Template

_FIVE_MINUTES = Duration.of(300)
_DEFAULT_TIMEOUT = Duration.of(10)
_ANY_GOOD_ANSWER = Expect()


class Runner(StrEnum):
    """What makes a journey."""

    WORKER = "worker"
    HOST = "host"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One request of a journey. Blanks ${name} are filled with what was captured or kept secret."""

    title: Annotated[str | None, Says("What the user does.", "Log in")] = None
    to: Annotated[
        Reference | None, Says("The service that is asked; otherwise the journey's.", "api")
    ] = None
    method: Annotated[
        Literal["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"], Says("The method.", "POST")
    ] = "GET"
    path: Annotated[
        Template,
        Says("Path below the service's address, and perhaps a query.", "/api/auth/login"),
    ]
    headers: Annotated[
        Mapping[HeaderName, Template],
        Says("Headers to send.", '{authorization: "Bearer ${token}"}'),
    ] = field(default_factory=dict)
    body: Annotated[
        Template | None,
        Length(4_000),
        Says("The body to send.", '\'{"user": "probe", "password": "${password}"}\''),
    ] = None
    expect: Annotated[Expect, Says("What a good answer looks like.")] = _ANY_GOOD_ANSWER
    capture: Annotated[
        Mapping[Name, JsonPath],
        Says("Values of the JSON answer that later steps use.", "token: data.token"),
    ] = field(default_factory=dict)
    timeout: Annotated[Duration, Says("How long the answer may take.", "10s")] = _DEFAULT_TIMEOUT


@dataclass(frozen=True, slots=True, kw_only=True)
class Journey:
    """What a user does, step by step; it fails at the first step that does."""

    of: Annotated[Reference, Says("The service that it is about.", "api")]
    title: Annotated[str | None, Says("What people call it.", "Log-in")] = None
    every: Annotated[Duration, Says("How often it is made; whole minutes.", "5m")] = _FIVE_MINUTES
    confirmations: Annotated[
        int, Bounds(0, 5), Says("How often it must fail in a row before it counts.", "1")
    ] = 1
    from_: Annotated[tuple[Reference, ...], Says("Locations that it is made from.", "[west]")] = ()
    down_when: Annotated[
        Quorum | None, Says("How many locations must see a failure.", "2 of 3")
    ] = None
    run: Annotated[
        Runner, Says("Made by the monitoring Worker, or by a service on a host.", "worker")
    ] = Runner.WORKER
    secrets: Annotated[
        Mapping[Name, Secret],
        Says("Secrets that steps use as blanks.", "password: secret:probe-password"),
    ] = field(default_factory=dict)
    steps: Annotated[
        tuple[Step, ...], Says("Its requests, in order.", "[{path: /, title: Front page}]")
    ]
