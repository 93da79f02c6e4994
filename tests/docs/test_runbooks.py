"""The runbooks: a page for every rule, with commands that exist and links that lead somewhere."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from itertools import chain
from typing import TYPE_CHECKING

import click
import pytest

from belfry.catalogue import load_catalogue
from belfry.expressions import SyntaxProblem, parse
from belfry.language.records import Scrubbed
from belfry.language.routing import Route
from belfry.loading import load_platform
from belfry.messages.characters import tidy
from belfry.messages.scrubbing import scrubbed
from belfry.randomness import is_drawn
from belfry.secret_looks import secrets_by_form
from belfry.values.rule_text import OF_SOME_SERVICES
from cli.main import belfry
from tests.docs.commands import FENCE, commands, shell_blocks
from tests.unit.shop import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from belfry.language.platform import Platform

RUNBOOKS = ROOT / "runbooks"
HEADINGS = (
    "What users notice",
    "The first three things to look at",
    "Telling the causes apart",
    "Stopping the damage",
    "How to know that it is over",
    "Whom to call",
)
GENERAL = (
    "README.md",
    "alert-tuning.md",
    "database-problems.md",
    "performance-issues.md",
    "playbook.md",
    "restore.md",
    "rotating-secrets.md",
    "silences.md",
    "troubleshooting.md",
)
"""Pages that are about no single rule."""
PROGRAMS = frozenset(
    {
        "amtool",
        "apt-get",
        "awk",
        "aws",
        "belfry",
        "createdb",
        "crontab",
        "curl",
        "cut",
        "df",
        "dig",
        "docker",
        "du",
        "echo",
        "ethtool",
        "export",
        "find",
        "free",
        "git",
        "grep",
        "head",
        "iotop",
        "ip",
        "journalctl",
        "jq",
        "kill",
        "kubectl",
        "logcli",
        "lsof",
        "mtr",
        "nc",
        "nginx",
        "npx",
        "openssl",
        "pg_isready",
        "pg_restore",
        "pidstat",
        "ping",
        "promtool",
        "ps",
        "psql",
        "pulumi",
        "rabbitmq-diagnostics",
        "rabbitmq-plugins",
        "rabbitmqctl",
        "redis-cli",
        "renice",
        "sleep",
        "sort",
        "ss",
        "ssh",
        "sysctl",
        "systemctl",
        "tail",
        "timeout",
        "truncate",
        "uniq",
        "uptime",
        "vmstat",
        "wget",
        "whois",
    }
)
"""Programs that somebody who is woken has, on the host or at home."""
FILLERS = frozenset({"from", "many", "that", "this", "what", "when", "whether", "which", "with"})
"""Words that are about nothing."""
PAGES = sorted(RUNBOOKS.glob("*.md"))
RULES = load_catalogue().rules
MATRIX = {"Pitchey": "pitchey", "Boulder Fest": "boulder-fest", "Marketplace": "marketplace"}


@cache
def text_of(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def prose(text: str) -> str:
    return FENCE.sub("", text)


def anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.*)", prose(text_of(page)), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", one.lower()).strip().replace(" ", "-") for one in headings}


def shown_on(page: Path) -> Iterator[tuple[str, ...]]:
    """Give every command in a page's blocks."""
    for script in shell_blocks(text_of(page)):
        yield from commands(script)


def filled_in(expression: str) -> str:
    """Give PromQL with something for the shell's variables in it: an offset, else a metric."""
    return re.sub(r"\$(\w+|\{[^}]+\})", "up", re.sub(r"offset \$\w+", "offset 1h", expression))


def first_thing(name: str) -> str:
    """Give the first of the three things that a rule's page looks at."""
    text = text_of(RUNBOOKS / RULES[name].runbook).partition("## The first three things")[2]
    return text.partition("\n1. ")[2].partition("\n2. ")[0]


def words_of(text: str) -> set[str]:
    """Give the words of a text or a command, without what is filled in."""
    return set(re.findall(r"[\w-]+", re.sub(r"\$\w+|\$\{[^}]*\}|<[a-z][a-z ]*>", " ", text)))


def is_about(step: str, thing: str) -> bool:
    """Say whether what a step types stands in a thing, or of a step in words two of its terms."""
    says, _, typed = step.partition(": ")
    if typed:
        return words_of(typed) <= words_of(thing)
    terms = {word for word in words_of(says.lower()) if len(word) > 3} - FILLERS
    return len(terms & words_of(thing.lower())) >= 2


def mistakes(words: Sequence[str]) -> Iterator[str]:
    """Say what of a `belfry …` does not exist."""
    command: click.Command = belfry
    rest = list(words[1:])
    while isinstance(command, click.Group) and rest:
        name = rest.pop(0)
        found = command.get_command(click.Context(command), name)
        if found is None:
            yield f"{name} of {' '.join(words)}"
            return
        command = found
    known = {option for one in command.params for option in (*one.opts, *one.secondary_opts)}
    yield from (
        f"{word} of {' '.join(words)}"
        for word in rest
        if word.startswith("-") and word.partition("=")[0] not in known
    )


@pytest.mark.parametrize("name", RULES)
def test_every_rule_has_its_page_with_its_headings(name: str) -> None:
    lines = text_of(RUNBOOKS / RULES[name].runbook).splitlines()
    assert lines[0] == f"# {name}"
    assert [line[3:] for line in lines if line.startswith("## ")] == list(HEADINGS)


def test_every_page_belongs_to_a_rule_or_is_a_general_one() -> None:
    of_rules = {rule.runbook for rule in RULES.values()}
    assert {page.name for page in PAGES} == of_rules | set(GENERAL)


@pytest.mark.parametrize("name", RULES)
def test_a_page_says_its_three_things_and_tells_causes_apart(name: str) -> None:
    text = text_of(RUNBOOKS / RULES[name].runbook)
    parts = dict(re.findall(r"^## ([^\n]*)\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL))
    steps = re.findall(r"^(\d)\. ", parts["The first three things to look at"], re.MULTILINE)
    assert steps == ["1", "2", "3"]
    rows = re.findall(r"^\|.*\|$", parts["Telling the causes apart"], re.MULTILINE)
    assert len(rows) >= 5, "three causes at least"
    for row in rows:
        assert row.replace("\\|", "").count("|") == rows[0].count("|"), row


@pytest.mark.parametrize("name", RULES)
def test_a_rules_first_step_is_the_first_thing_on_its_page(name: str) -> None:
    assert is_about(RULES[name].first_step.whole, first_thing(name))


def test_a_first_step_of_another_page_is_found() -> None:
    fits = [
        (name, other)
        for name, rule in RULES.items()
        for other in RULES
        if is_about(rule.first_step.whole, first_thing(other))
    ]
    assert ("CacheDown", "DatabaseDown") not in fits
    assert ("RevenueDrop", "ConversionDrop") not in fits
    assert len(fits) < 3 * len(RULES), "most fit no page but their own"


@pytest.mark.parametrize("name", RULES)
def test_a_first_step_types_a_command_that_people_have_or_asks_prometheus(name: str) -> None:
    says, _, typed = RULES[name].first_step.whole.partition(": ")
    if says.startswith("Ask Prometheus"):
        question = parse(typed.replace("${service}", name))
        assert not isinstance(question, SyntaxProblem)
    else:
        assert {words[0] for words in commands(typed)} <= PROGRAMS


@pytest.mark.parametrize("missing", [(), OF_SOME_SERVICES], ids=["all is known", "no address"])
@pytest.mark.parametrize("name", RULES)
def test_a_message_says_a_first_step_as_it_stands(name: str, missing: Sequence[str]) -> None:
    template = RULES[name].first_step
    step = template.fill(dict.fromkeys(set(template.names) - set(missing), "shop"))
    assert scrubbed(tidy(step), list(Scrubbed)) == step
    assert step[0].isupper()
    assert step.endswith(".") is not (": " in step)


@pytest.mark.parametrize("name", RULES)
def test_a_page_says_its_rules_rank(name: str) -> None:
    head = text_of(RUNBOOKS / RULES[name].runbook).partition("\n## ")[0]
    said = set(re.findall(r"Rank (\d)", head))
    assert said <= {str(RULES[name].rank)}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_link_leads_to_a_page_and_to_a_heading_of_it(page: Path) -> None:
    for link in re.findall(r"\]\(([^)\s]+)\)", prose(text_of(page))):
        if "://" in link:
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link


def test_every_page_is_found_from_the_first_one() -> None:
    linked = set(re.findall(r"\]\(([\w-]+\.md)", text_of(RUNBOOKS / "README.md")))
    assert linked == {page.name for page in PAGES} - {"README.md"}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_program_is_one_that_people_have(page: Path) -> None:
    programs = {words[0] for words in shown_on(page)}
    assert programs - PROGRAMS == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_command_of_belfry_exists_with_its_options(page: Path) -> None:
    in_sentences = re.findall(r"`(belfry [^`]+)`", prose(text_of(page)))
    shown = [*shown_on(page), *(words for one in in_sentences for words in commands(one))]
    wrong = [what for words in shown if words[0] == "belfry" for what in mistakes(words)]
    assert wrong == []


def test_a_command_of_belfry_that_does_not_exist_is_found() -> None:
    assert [*mistakes(("belfry", "up", "--stack", "prod"))] == []
    assert [*mistakes(("belfry", "upp"))] == ["upp of belfry upp"]
    assert [*mistakes(("belfry", "secrets", "lists"))] == ["lists of belfry secrets lists"]
    assert [*mistakes(("belfry", "up", "--force"))] == ["--force of belfry up --force"]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_variable_of_a_command_is_explained(page: Path) -> None:
    script = "\n".join(shell_blocks(text_of(page)))
    used = set(re.findall(r"\$\{?([A-Z][A-Z_]*)", script))
    given = set(re.findall(r"\b([A-Z][A-Z_]*)=", script))
    first_page = text_of(RUNBOOKS / "README.md")
    explained = re.findall(r"`\$?([A-Z][A-Z_]*)(?:=[^`]*)?`", prose(text_of(page)) + first_page)
    assert used - given - set(explained) == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_question_to_prometheus_is_promql(page: Path) -> None:
    asked = [words[4] for words in shown_on(page) if words[:3] == ("promtool", "query", "instant")]
    filled = [filled_in(one) for one in asked]
    assert [one for one in filled if isinstance(parse(one), SyntaxProblem)] == []


@pytest.mark.parametrize("name", RULES)
def test_a_page_names_parameters_that_its_rule_has(name: str) -> None:
    text = text_of(RUNBOOKS / RULES[name].runbook)
    assert set(re.findall(r"parameter\s+`([\w-]+)`", text)) <= {*RULES[name].parameters, "for"}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_no_page_holds_a_secret(page: Path) -> None:
    assert secrets_by_form(text_of(page)) == ()
    drawn = [word for word in re.findall(r"[A-Za-z0-9_+=-]{16,}", text_of(page)) if is_drawn(word)]
    assert drawn == []
    assert not re.search(r"://[^/\s:@<]+:[^/\s@<]+@", text_of(page)), "a password in an address"
    given = re.findall(r"(?:PASSWORD|_KEY|TOKEN|AUTH)=(\S+)", text_of(page))
    assert [one for one in given if not one.startswith(("$", "<"))] == []


def told(platform: Platform, severity: str) -> Sequence[str]:
    """Give the channels that hear of every alert of a severity, whatever it is about."""
    anywhere = Route(channels=())
    routes = [
        one.channels
        for one in platform.routing.routes.values()
        if replace(one, severities=(), channels=()) == anywhere
        and severity in (one.severities or platform.severities)
    ]
    return (*platform.severities[severity].channels, *chain.from_iterable(routes))


@pytest.mark.parametrize("title", MATRIX)
def test_the_playbook_says_what_the_platform_says(title: str) -> None:
    playbook = text_of(RUNBOOKS / "playbook.md")
    rows = [
        tuple(cell.strip() for cell in row[1:-1].split("|"))
        for row in re.findall(rf"^\| {title} \|.*\|$", playbook, re.MULTILINE)
    ]
    platform = load_platform(ROOT / "platforms" / f"{MATRIX[title]}.yaml", environment="prod")
    matrix = [
        (title, name, str(one.answer), str(one.resolve or ""), ", ".join(told(platform, name)))
        for name, one in platform.severities.items()
    ]
    escalation = [
        (title, name, str(step.after), ", ".join(step.to))
        for name, one in platform.severities.items()
        for step in one.escalate
    ]
    assert [row for row in rows if len(row) == 5] == matrix
    assert [row for row in rows if len(row) == 4] == escalation


def test_a_command_is_found_in_pipes_containers_and_elsewhere() -> None:
    script = """\
docker exec -it -e A=b <container> rabbitmqctl list_queues | head -3
PGPASSWORD=$X psql "$DATABASE_URL" -c 'select 1 | 2' 2>/dev/null && echo done
ssh -o ConnectTimeout=5 <host> 'uptime; df -h'
kubectl --namespace <namespace> exec <pod> -- redis-cli ping
"""
    programs = [words[0] for words in commands(script)]
    assert programs == [
        *("docker", "rabbitmqctl", "head"),
        *("psql", "echo"),
        *("ssh", "uptime", "df"),
        *("kubectl", "redis-cli"),
    ]
