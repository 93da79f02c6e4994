"""The application's own part: what its SDK serves, measures, and leaves alone while it fails."""

from __future__ import annotations

from typing import TYPE_CHECKING

from belfry.language.application import Runtime
from belfry.language.services import Kind
from belfry.problems import Code
from belfry.values.duration import DAY, Duration
from belfry.values.nonsense import Nonsense
from belfry.values.template import Template

if TYPE_CHECKING:
    from belfry.findings import Findings
    from belfry.language.application import Application, Metrics
    from belfry.language.platform import Platform
    from belfry.problems import Path

_CODE = frozenset(
    {
        Kind.CLOUDFLARE_WORKER,
        Kind.CLOUDFLARE_PAGES,
        Kind.DURABLE_OBJECTS,
        Kind.HTTP_API,
        Kind.WEBSITE,
    }
)
"""Kinds of services that are programs of the platform's own, so that the SDK can be in them."""
_RUNTIMES = {
    Kind.CLOUDFLARE_WORKER: (Runtime.WORKER,),
    Kind.CLOUDFLARE_PAGES: (Runtime.WORKER,),
    Kind.DURABLE_OBJECTS: (Runtime.WORKER,),
    Kind.HTTP_API: (Runtime.SERVERLESS, Runtime.NODE),
    Kind.WEBSITE: (Runtime.SERVERLESS, Runtime.NODE),
}
_SECOND = Duration.of(1)


def ask(findings: Findings[Platform]) -> None:
    """Ask about the application, and about limits of services' health that only it could use."""
    application = findings.value.application
    _health_limits(findings)
    if application is None:
        return
    path = ("application",)
    _is_a_program(findings, application)
    services = findings.value.services
    components = (*path, "components")
    findings.known_once(components, application.components, "service", services, "services")
    _endpoints(findings, application)
    _metrics(findings, (*path, "metrics"), application.metrics)
    _breakers(findings, application)
    _origins(findings, application)
    findings.once((*path, "views"), application.views)
    findings.once((*path, "audit"), application.audit)
    _overhead(findings, application)


def _is_a_program(findings: Findings[Platform], application: Application) -> None:
    services = findings.value.services
    path = ("application", "of")
    if not findings.known(path, application.of, "service", services, "services"):
        return
    kind = services[application.of].is_
    because = (("services", application.of, "is"),)
    if kind not in _CODE:
        wrong = f"{application.of} is {kind}, which has no room for the SDK"
        right = "name the service that is your own program"
        findings.add(path, wrong, right, because=because)
    elif application.runs_on not in _RUNTIMES[kind]:
        where = ("application", "runs-on")
        right = f"write runs-on: {' or '.join(_RUNTIMES[kind])}"
        wrong = f"{application.of} is {kind}, which does not run on {application.runs_on}"
        findings.add(where, wrong, right, because=(*because, path))


def _endpoints(findings: Findings[Platform], application: Application) -> None:
    health = ("application", "health")
    findings.once(health, application.health)
    taken = dict.fromkeys(application.health, "health")
    for name, path in application.endpoints.items():
        other = taken.setdefault(path, name)
        if other != name:
            where = ("application", "endpoints", name)
            wrong = f"{other} has this path already"
            findings.add(where, wrong, "give each its own", because=(health,))


def _metrics(findings: Findings[Platform], path: Path, metrics: Metrics) -> None:
    every = (*path, "every")
    if metrics.every < _SECOND:
        findings.add(every, f"{metrics.every} is too often", "write 1s or more, such as 30s")
    before: Duration | None = None
    for index, window in enumerate(metrics.windows):
        if findings.is_broken((*path, "windows", index)):
            continue
        where = (*path, "windows", index)
        if window < metrics.every:
            wrong = f"a window of {window} is empty most of the time: values come every "
            wrong += str(metrics.every)
            right = f"write {metrics.every} or more"
            findings.add(where, wrong, right, because=(every,))
        elif before is not None and window <= before:
            wrong = f"{window} comes after {before}"
            findings.add(where, wrong, "write windows from the shortest to the longest, each once")
        before = window
    for key in ("aggregates", "formats", "categories"):
        findings.once((*path, key), getattr(metrics, key))
    if metrics.sample is not None and not metrics.sample.ratio:
        right = "write more, such as 10 %"
        findings.add((*path, "sample"), "nothing is measured", right)
    kept = findings.value.retention.metrics
    longest = max(metrics.windows, default=None)
    if kept is not None and longest is not None and longest > kept >= DAY:
        where = (*path, "windows", metrics.windows.index(longest))
        because = (("retention", "metrics"),)
        wrong = f"{longest} is longer than metrics are kept, {kept}"
        findings.add(where, wrong, f"write {kept} or less", because=because)


def _breakers(findings: Findings[Platform], application: Application) -> None:
    services = findings.value.services
    seen: dict[str, str] = {}
    for name, breaker in application.breakers.items():
        path = ("application", "breakers", name)
        where = (*path, "of")
        if not findings.known(where, breaker.of, "service", services, "services"):
            continue
        other = seen.setdefault(breaker.of, name)
        if other != name:
            first = ("application", "breakers", other, "of")
            wrong = f"{other} is about {breaker.of} already"
            findings.add(where, wrong, "keep one breaker for it", because=(first,))
        elif breaker.of == application.of:
            wrong = "the application cannot leave itself alone"
            right = "name a service that it asks"
            findings.add(where, wrong, right, because=(("application", "of"),))
        if breaker.retry < _SECOND:
            right = "write 1s or more, such as 30s"
            findings.add((*path, "retry"), "it would hardly be left alone", right)


def _origins(findings: Findings[Platform], application: Application) -> None:
    path = ("application", "origins")
    findings.once(path, application.origins)
    for index, origin in enumerate(application.origins):
        where = (*path, index)
        try:
            names = Template.parse(origin).names
        except Nonsense as nonsense:
            findings.add(where, nonsense.wrong, nonsense.right)
            continue
        for blank in dict.fromkeys(names):
            if blank != "domain":
                right = "the only blank is ${domain}, from the environment"
                findings.add(where, f"nothing fills ${{{blank}}}", right)


def _overhead(findings: Findings[Platform], application: Application) -> None:
    overhead = application.overhead
    service = findings.value.services.get(application.of)
    path = ("application", "overhead")
    for key, most in (("memory", service and service.memory), ("request", service and service.cpu)):
        cost = getattr(overhead, key)
        limit = "memory" if key == "memory" else "cpu"
        if cost is not None and most is not None and cost >= most:
            wrong = f"{application.of} has {most} in all"
            because = (("services", application.of, limit), ("application", "of"))
            findings.add((*path, key), wrong, f"write much less than {most}", because=because)


def _health_limits(findings: Findings[Platform]) -> None:
    """Ask whether the application tells the health of services that have limits for it."""
    platform = findings.value
    application = platform.application
    told = set(application.components) if application else set()
    untold = [
        name
        for name, service in platform.services.items()
        if service.health is not None and name not in told
    ]
    if untold and told <= platform.services.keys():
        names = ", ".join(untold)
        findings.add(
            ("services", untold[0], "health"),
            f"no application tells the health of {names} by such limits",
            f"add {names} to application.components, or remove the limits",
            because=(("application",), ("application", "components")),
            code=Code.UNUSED,
        )
