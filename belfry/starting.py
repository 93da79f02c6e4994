"""The answers from which a platform begins, and everything that can be wrong with them.

Whatever `mistakes` lets pass makes a platform file that loads; a test holds it over all answers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from belfry.forms import Domain, Mail, Name, UrlPath
from belfry.problems import Code, Problem, suggestion
from belfry.scalars import Scalar
from belfry.shapes import shape_of
from belfry.values.nonsense import Nonsense, shown
from belfry.values.zone import Zone

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator, Mapping, Sequence

LOCAL = "local"
"""The environment that is played on the writer's machine."""

PAGES = ("cloudflare-pages", "website")
PROGRAMS = ("cloudflare-worker", "http-api")
STORES = ("postgres", "redis", "queue", "durable-objects", "cloudflare-cache")
KINDS = (*PAGES, *PROGRAMS, *STORES)
"""What a first platform may be made of; its file may say more later."""

_PREFIX = 29
"""Letters of `<platform>-<environment>`, for `-prometheus` has to fit into a uid of Grafana's."""
_HOST = 253


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What the writer was asked."""

    platform: str
    domain: str
    services: tuple[str, ...]
    """Names with kinds, `api=http-api`; a kind alone is also the name."""
    health: str
    """The path at which programs tell how they are."""
    environments: tuple[str, ...]
    """Beside `local`; the last one has the domain itself and pages."""
    zone: str | None
    """Where the team works; with it, what can wait waits for working hours."""
    slack: bool
    pagerduty: bool
    email: str | None
    """Who gets mail."""

    @property
    def kinds(self) -> Mapping[str, str]:
        """The services' kinds by their names."""
        return dict(map(_name_and_kind, self.services))

    def of(self, kinds: Sequence[str]) -> list[str]:
        """Give the names of the services of some kinds."""
        return [name for name, kind in self.kinds.items() if kind in kinds]


def mistakes(answers: Answers) -> tuple[Problem, ...]:
    """Find everything that is wrong with answers; paths are the names of the options."""
    said: Mapping[str, Sequence[str]] = {
        "platform": [answers.platform],
        "domain": [answers.domain],
        "service": answers.services,
        "health": [answers.health],
        "environment": answers.environments,
        "zone": [answers.zone] if answers.zone is not None else [],
        "email": [answers.email] if answers.email is not None else [],
    }
    found = [problem for option, texts in said.items() for problem in wrong_with(option, texts)]
    return (*found, *_lengths(answers), *_told(answers))


def wrong_with(option: str, texts: Sequence[str]) -> tuple[Problem, ...]:
    """Find what is wrong with what one option, or the answer to one question, says."""
    if option == "service":
        return tuple(_services(texts))
    problems = [problem for text in texts if (problem := _form(option, text))]
    return (*problems, *_environments(texts)) if option == "environment" else tuple(problems)


_FORMS: Mapping[str, Hashable] = {
    "platform": Name,
    "domain": Domain,
    "service": Name,
    "health": UrlPath,
    "environment": Name,
    "zone": Zone,
    "email": Mail,
}
"""Options, and the types of the platform file that read them."""


def _form(option: str, text: str) -> Problem | None:
    shape = shape_of(_FORMS[option])
    if not isinstance(shape, Scalar):
        message = f"{option} is not one text"
        raise TypeError(message)
    if not text:
        return _problem(option, "nothing is said", f"write {shape.what}, such as {shape.example}")
    try:
        shape.parse(text)
    except Nonsense as nonsense:
        return _problem(option, nonsense.wrong, nonsense.right)
    return None


def _name_and_kind(service: str) -> tuple[str, str]:
    name, sign, kind = service.partition("=")
    return (name, kind) if sign else (service, service)


def _services(services: Sequence[str]) -> Iterator[Problem]:
    seen: set[str] = set()
    kinds = []
    for service in services:
        name, kind = _name_and_kind(service)
        kinds.append(kind)
        if kind not in KINDS:
            right = suggestion(kind, KINDS, else_say="")
            yield _problem("service", f"there is no kind {shown(kind)}", right)
        elif problem := _form("service", name):
            yield problem
        if name in seen:
            yield _problem("service", f"{name} is named twice", "give each a name of its own")
        seen.add(name)
    if all(kind in STORES for kind in kinds):
        wrong = "no service has an address that could be checked"
        yield _problem("service", wrong, f"add one that is {' or '.join((*PAGES, *PROGRAMS))}")


def _environments(names: Sequence[str]) -> Iterator[Problem]:
    if not names:
        yield _problem("environment", "there is none", f"name one beside {LOCAL}, such as prod")
    for index, name in enumerate(names):
        if name == LOCAL:
            yield _problem("environment", f"{LOCAL} is there already", "leave it out")
        elif name in names[:index]:
            yield _problem("environment", f"{name} is named twice", "name it once")


def _lengths(answers: Answers) -> Iterator[Problem]:
    longest = max((LOCAL, *answers.environments), key=len)
    if len(prefix := f"{answers.platform}-{longest}") > _PREFIX:
        wrong = f"{prefix}, with which names in Grafana begin, is longer than {_PREFIX} letters"
        yield _problem("platform", wrong, "shorten the platform's name or the environment's")
    service = max((*answers.kinds, "alerts@smtp"), key=len)
    if len(f"{service}.{longest}.{answers.domain}") > _HOST:
        yield _problem("domain", "host names below it would be too long", "write a shorter one")


def _told(answers: Answers) -> Iterator[Problem]:
    if not (answers.slack or answers.pagerduty or answers.email is not None):
        yield _problem("slack", "nobody is told", "add --slack, --pagerduty or --email ADDRESS")


def _problem(option: str, wrong: str, right: str) -> Problem:
    path = (f"--{option}",)
    return Problem(place=None, path=path, wrong=wrong, right=right, code=Code.ARGUMENT)
