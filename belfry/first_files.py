"""The first files of a platform: a small file of the platform, its stacks, and secrets to set."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from belfry.formatting import as_written, formatted
from belfry.starting import LOCAL, PAGES, PROGRAMS, STORES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from belfry.starting import Answers

Value: TypeAlias = "str | int | list[str] | Mapping[str, Value]"

_DATABASES = ("postgres",)
_SCHEMA = "# yaml-language-server: $schema=platform.schema.json\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Unset:
    """A secret that the platform file names, and what its value is."""

    name: str
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstFiles:
    """The files that begin a platform, and what is left to set."""

    platform_file: str
    files: Mapping[str, str]
    """Texts by paths in the checkout."""
    secrets: tuple[Unset, ...]
    stacks: tuple[str, ...]
    """Of environments with a domain; the last one pages, and so needs the secrets."""
    local_stack: str


def first_files(answers: Answers) -> FirstFiles:
    """Write the files for answers that have no mistakes."""
    platform_file = f"platforms/{answers.platform}.yaml"
    text = formatted("\n".join(_platform(answers)).encode(), platform_file)
    stacks = {f"{answers.platform}-{one}": one for one in (LOCAL, *answers.environments)}
    return FirstFiles(
        platform_file=platform_file,
        files={platform_file: text}
        | {f"Pulumi.{stack}.yaml": _stack(answers, one) for stack, one in stacks.items()},
        secrets=tuple(_secrets(answers)),
        stacks=tuple(stacks)[1:],
        local_stack=f"{answers.platform}-{LOCAL}",
    )


def _platform(answers: Answers) -> Iterator[str]:
    yield f"{_SCHEMA}platform: {as_written(answers.platform)}"
    for key, says, entries in (
        ("environments", "Where it runs. local is played on this machine.", _environments(answers)),
        ("severities", "How bad things can be, and who is told; 0 is worst.", _severities(answers)),
        ("people", "Who answers, and when.", _people(answers)),
        ("channels", "How to reach them. Secrets have names here.", _channels(answers)),
        ("services", "What it is made of. ${domain} is the environment's.", _services(answers)),
        ("checks", "What is asked of it, again and again.", _checks(answers)),
        ("rules", "What counts as trouble: files of alert_rules/.", _rules(answers)),
    ):
        if entries:
            yield from ("", f"# {says}", f"{key}:")
            yield from (
                f"  {as_written(name, key=True)}: {_flow(value)}" for name, value in entries.items()
            )
    yield ""


def _flow(value: Value) -> str:
    if isinstance(value, str):
        return as_written(value, flow=True)
    if isinstance(value, int):
        return str(value).lower()
    if isinstance(value, list):
        return f"[{', '.join(map(_flow, value))}]"
    entries = (
        f"{as_written(key, flow=True, key=True)}: {_flow(one)}" for key, one in value.items()
    )
    return f"{{{', '.join(entries)}}}"


def _environments(answers: Answers) -> Mapping[str, Value]:
    *others, last = answers.environments
    return {
        LOCAL: {"paging": "worker", "stand-ins": True},
        **{one: {"paging": "shadow", "domain": f"{one}.{answers.domain}"} for one in others},
        last: {"paging": "worker", "domain": answers.domain},
    }


def _severities(answers: Answers) -> Mapping[str, Value]:
    channels = list(_channels(answers))
    calm = [name for name in channels if name != "pagerduty"] or channels
    soon: dict[str, Value] = {"rank": 1, "answer": "4h", "resolve": "1d", "channels": calm}
    if answers.zone:
        soon["hours"] = "business"
    return {
        "urgent": {"rank": 0, "answer": "15m", "resolve": "1h", "channels": channels},
        "soon": soon,
    }


def _people(answers: Answers) -> Mapping[str, Value]:
    if not answers.zone:
        return {}
    business = {"days": "Mon–Fri", "between": "09:00–17:00", "zone": answers.zone}
    return {"hours": {"business": business}}


def _channels(answers: Answers) -> Mapping[str, Value]:
    channels: dict[str, Value] = {}
    if answers.pagerduty:
        channels["pagerduty"] = {"pagerduty": {"key": "secret:pagerduty"}}
    if answers.slack:
        channels["slack"] = {"slack": {"webhook": "secret:slack", "channel": "#alerts"}}
    if answers.email is not None:
        channels["mail"] = {
            "email": {
                "host": f"smtp.{answers.domain}",
                "user": f"alerts@{answers.domain}",
                "password": "secret:smtp-password",
                "from": f"alerts@{answers.domain}",
                "to": answers.email,
            }
        }
    return channels


def _secrets(answers: Answers) -> Iterator[Unset]:
    if answers.pagerduty:
        yield Unset(name="pagerduty", what="the integration key of a PagerDuty service")
    if answers.slack:
        yield Unset(name="slack", what="the address of an incoming webhook of Slack")
    if answers.email is not None:
        yield Unset(name="smtp-password", what=f"the password of alerts@{answers.domain}")


def _services(answers: Answers) -> Mapping[str, Value]:
    first_page = next(iter(answers.of(PAGES)), None)
    stores = answers.of(STORES)
    needs = {PAGES: answers.of(PROGRAMS) or stores, PROGRAMS: stores}
    services: dict[str, Value] = {}
    for name, kind in answers.kinds.items():
        service: dict[str, Value] = {"is": kind}
        if kind not in STORES:
            service["url"] = f"https://{'' if name == first_page else f'{name}.'}${{domain}}"
            needed = needs[PAGES if kind in PAGES else PROGRAMS]
            service |= {"needs": needed} if needed else {}
        services[name] = service
    return services


def _checks(answers: Answers) -> Mapping[str, Value]:
    """Ask pages and programs themselves, and the first program about what it stands on."""
    programs = answers.of(PROGRAMS)
    paths = dict.fromkeys(answers.of(PAGES), "/") | dict.fromkeys(programs, answers.health)
    checks: dict[str, Value] = {
        name: {"of": name, "http": {"path": path}, "every": "60s", "timeout": "10s"}
        for name, path in paths.items()
    }
    for name in answers.of(STORES) if programs else ():
        path = f"{answers.health.rstrip('/')}/{name}"
        checks[name] = {"of": name, "http": {"path": path}, "through": programs[0]}
    return checks


def _rules(answers: Answers) -> Mapping[str, Value]:
    """Use rules that judge every check; the catalogue has none about stores but databases."""
    asked = answers.of(STORES) if answers.of(PROGRAMS) else []
    databases = answers.of(_DATABASES) if asked else []
    use = ["availability", *(["database"] if databases else []), "latency"]
    usual: dict[str, Value] = {"use": use}
    if others := [name for name in asked if name not in databases]:
        failing: Mapping[str, Value] = {
            "of": others,
            "severity": "urgent",
            "summary": "A store fails",
            "failures": 2,
        }
        usual["own"] = {"StoreFails": failing}
    return {"usual": usual}


def _stack(answers: Answers, environment: str) -> str:
    said = (
        "config:\n"
        f"  belfry:platform: {as_written(answers.platform)}\n"
        f"  belfry:environment: {as_written(environment)}\n"
    )
    if environment == LOCAL:
        head = "# This machine: no account, no token, nothing leaves it.\n"
        return f'{head}{said}  belfry:localcloud: "true"\n'
    return (
        "# What is missing here, `pulumi preview` names; docs/stacks.md says where to find it.\n"
        f"{said}"
        "  # belfry:account: 32 digits\n"
        "  # belfry:zone: 32 digits\n"
        "  # belfry:workersSubdomain: the part before .workers.dev\n"
    )
