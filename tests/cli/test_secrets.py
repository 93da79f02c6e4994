"""`belfry secrets` and `belfry tokens` as people and machines meet them."""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from cli.main import main
from cli.output import Status
from engine.paths import ROOT, Home
from tests.engine.workbench import tools_home

if TYPE_CHECKING:
    from collections.abc import Callable

SLACK = "https://hooks.slack.com/services/T012AB3CD/B045EF6GH/abcdefghijklmnopqrstuvwx"
OTHER = SLACK.replace("B045", "B046")
PAGERDUTY = "0123456789abcdef" * 2
ANSWERS_VERSION = 'if [ "$1" = version ]; then echo v3.259.0; exit; fi\n'


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What one command left behind."""

    status: int
    out: str
    err: str

    @property
    def said(self) -> str:
        return self.out + self.err


class Project:
    """A checkout's stack files and platform in a folder of their own."""

    def __init__(
        self, root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        self.root = root
        self.monkeypatch = monkeypatch
        self.capsys = capsys

    def run(self, *arguments: str, given: str | bytes = b"") -> Answer:
        content = given.encode() if isinstance(given, str) else given
        self.monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(content)))
        with pytest.raises(SystemExit) as ending:
            main(arguments)
        captured = self.capsys.readouterr()
        return Answer(status=int(ending.value.code or 0), out=captured.out, err=captured.err)

    def secrets(self, *arguments: str, given: str | bytes = b"", stack: str = "prod") -> Answer:
        return self.run("secrets", *arguments, "--stack", stack, given=given)

    def pulumi(self, script: str) -> None:
        """Put a script in Pulumi's place."""
        path = self.root / "pulumi"
        path.write_text(f"#!/bin/sh\n{ANSWERS_VERSION}{script}\n", encoding="utf-8")
        path.chmod(0o755)
        self.monkeypatch.setenv("BELFRY_PULUMI", str(path))

    def stack_file(self, stack: str = "prod") -> Path:
        return self.root / f"Pulumi.{stack}.yaml"

    def add(self, text: str, stack: str = "prod") -> None:
        with self.stack_file(stack).open("a", encoding="utf-8") as file:
            file.write(text)


@pytest.fixture
def project(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Project:
    root = tmp_path / "checkout"
    root.mkdir()
    for name in ("Pulumi.yaml", "Pulumi.local.yaml", "Pulumi.staging.yaml", "Pulumi.prod.yaml"):
        shutil.copy2(ROOT / name, root / name)
    shutil.copytree(ROOT / "platforms", root / "platforms")
    home = Home(path=tmp_path / "home", root=root)
    monkeypatch.setattr("engine.paths.find_home", lambda: home)
    monkeypatch.chdir(root)
    for name in ("BELFRY_PULUMI", "PULUMI_ACCESS_TOKEN", "PULUMI_CONFIG_PASSPHRASE_FILE"):
        monkeypatch.delenv(name, raising=False)
    return Project(root, monkeypatch, capsys)


def test_the_list_says_what_is_needed_by_what_and_what_is_missing(project: Project) -> None:
    told = json.loads(project.secrets("list", "--json").out)
    assert (told["stack"], told["localcloud"]) == ("prod", False)
    rows = {row["name"]: row for row in told["secrets"]}
    assert rows["slack-critical"] == {
        "name": "slack-critical",
        "kind": "slack-webhook",
        "what": "address of a Slack webhook",
        "state": "missing",
        "needed": "now",
        "by": ["channels.slack-critical.slack.webhook"],
    }
    assert rows["vote-key"]["by"]


def test_the_list_needs_no_pulumi_and_shows_nothing_of_a_value(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    project.add(f"  belfry:secrets:\n    pagerduty: {PAGERDUTY}\n    old: {{secure: v1:x:y}}\n")
    answer = project.secrets("list")
    assert answer.status == Status.DONE
    assert PAGERDUTY not in answer.said
    lines = {line.split()[0]: line for line in answer.out.splitlines() if line}
    assert "set in clear" in lines["pagerduty"]
    assert " set " in lines["old"]
    assert lines["old"].split()[-1] == "nothing"


def test_a_stack_on_this_machine_needs_none_and_shows_the_names_all_the_same(
    project: Project,
) -> None:
    answer = project.secrets("list", stack="local")
    assert "needs none of them" in answer.out
    assert "slack-critical" in answer.out
    assert "missing" not in answer.out
    assert project.secrets("check", stack="local").status == Status.DONE
    refused = project.secrets("set", "vote-key", "--generate", stack="local")
    assert refused.status == Status.BAD_INPUT
    assert "needs no secret" in refused.err


def test_channels_are_not_needed_where_nobody_is_paged(project: Project) -> None:
    told = json.loads(project.secrets("list", "--json", stack="staging").out)
    rows = {row["name"]: (row["state"], row["needed"]) for row in told["secrets"]}
    assert rows["slack-critical"] == ("not needed", "unpaged")
    assert rows["vote-key"] == ("missing", "now")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("pagerduty", PAGERDUTY), "a secret is never an argument"),
        (("pagerdut",), "did you mean pagerduty?"),
        ((SLACK,), "it is not repeated here"),
        ((PAGERDUTY,), "this is no name of a secret"),
        (("abcdefabcdef",), "nothing needs a secret of this name"),
        (("pagerduty", "--generate"), "somebody else issues pagerduty"),
        (("pagerduty", f"--value={PAGERDUTY}"), "No such option"),
    ],
)
def test_what_cannot_be_set_is_bad_input_and_nothing_typed_is_repeated(
    project: Project, arguments: tuple[str, ...], said: str
) -> None:
    project.pulumi("echo called >&2; exit 1")
    answer = project.secrets("set", *arguments, given=f"{PAGERDUTY}\n")
    assert answer.status == Status.BAD_INPUT
    assert said in answer.err
    assert not any(value in answer.said for value in (PAGERDUTY, SLACK, "abcdefabcdef", "called"))


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (b"", "an empty secret is none"),
        (b"\n", "an empty secret is none"),
        (b"https://example.com/hook-of-mine\n", "it does not begin with https://hooks.slack.com/"),
        (b"changeme\n", "it is a placeholder"),
        (f"{SLACK}\n\n".encode(), "a line break"),
        (b"\xff\xfe", "not UTF-8"),
    ],
)
def test_a_value_that_looks_wrong_is_refused_without_being_shown(
    project: Project, given: bytes, said: str
) -> None:
    project.pulumi("echo called >&2; exit 1")
    before = project.stack_file().read_bytes()
    answer = project.secrets("set", "slack-critical", given=given)
    assert answer.status == Status.BAD_INPUT
    assert said in answer.err
    assert "hook-of-mine" not in answer.said
    assert "called" not in answer.said
    assert project.stack_file().read_bytes() == before


class Terminal(io.StringIO):
    """Standard input with a person in front of it."""

    def isatty(self) -> bool:
        return True


@pytest.mark.usefixtures("project")
def test_on_a_terminal_the_value_is_asked_for_unseen(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[dict[str, Any]] = []

    def prompt(text: str, **options: Any) -> str:
        asked.append({"text": text, **options})
        return "not a key"

    monkeypatch.setattr("click.prompt", prompt)
    monkeypatch.setattr("sys.stdin", Terminal())
    with pytest.raises(SystemExit):
        main(["secrets", "set", "pagerduty", "--stack", "prod"])
    assert asked[0]["hide_input"] is True
    assert "PagerDuty integration key" in asked[0]["text"]


FAILURES = [
    ("error: no stack named 'prod' found", "`pulumi stack init prod` makes it"),
    ("error: incorrect passphrase", "is not the one of Pulumi.prod.yaml"),
    ("error: passphrase must be set with PULUMI_CONFIG_PASSPHRASE or", "needs the passphrase"),
    ("error: PULUMI_ACCESS_TOKEN must be set for login during", "`pulumi login`"),
]


@pytest.mark.parametrize(("told", "said"), FAILURES)
def test_what_stops_pulumi_is_said_in_one_plain_sentence(
    project: Project, told: str, said: str
) -> None:
    project.pulumi(f'cat > /dev/null; echo "{told}" >&2; exit 1')
    before = project.stack_file().read_bytes()
    answer = project.secrets("set", "pagerduty", given=PAGERDUTY)
    assert answer.status == Status.FAILED
    assert said in answer.err
    assert len(answer.err.splitlines()) == 1
    assert project.stack_file().read_bytes() == before


def test_a_message_of_pulumis_that_repeats_the_value_does_not_reach_anybody(
    project: Project,
) -> None:
    project.pulumi('value=$(cat); echo "error: cannot encrypt $value" >&2; exit 1')
    answer = project.secrets("set", "pagerduty", given=PAGERDUTY)
    assert answer.status == Status.FAILED
    assert "cannot encrypt [secret]" in answer.err
    assert PAGERDUTY not in answer.said


def test_a_missing_pulumi_is_said_with_how_to_get_it(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    answer = project.secrets("set", "pagerduty", given=PAGERDUTY)
    assert answer.status == Status.FAILED
    assert answer.err == "belfry: pulumi is missing; `belfry tools get pulumi` gets it\n"


def test_an_unknown_stack_is_bad_input(project: Project) -> None:
    answer = project.secrets("list", stack="prd")
    assert answer.status == Status.BAD_INPUT
    assert "local, prod, staging" in answer.err


WRITES_TO_DRAFT = """
while [ $# -gt 0 ]; do [ "$1" = --config-file ] && draft=$2; shift; done
cat > /dev/null
"""


def test_a_pulumi_that_dies_while_it_writes_leaves_the_stack_file_as_it_was(
    project: Project,
) -> None:
    project.pulumi(WRITES_TO_DRAFT + 'echo "config:" > "$draft"; kill -9 $$')
    before = project.stack_file().read_bytes()
    assert project.secrets("set", "pagerduty", given=PAGERDUTY).status == Status.FAILED
    assert project.stack_file().read_bytes() == before
    assert not [path for path in project.root.iterdir() if "draft" in path.name]


def test_a_stack_file_that_somebody_changes_meanwhile_keeps_that_change(project: Project) -> None:
    project.pulumi(WRITES_TO_DRAFT + "echo '# by hand' >> Pulumi.prod.yaml; echo x >> \"$draft\"")
    answer = project.secrets("set", "pagerduty", given=PAGERDUTY)
    assert answer.status == Status.FAILED
    assert "changed by somebody else" in answer.err
    assert project.stack_file().read_text(encoding="utf-8").endswith("# by hand\n")


def test_unset_asks_first_and_knows_what_is_set(project: Project) -> None:
    project.add("  belfry:secrets:\n    pagerduty: {secure: v1:x:y}\n")
    alone = project.secrets("unset", "pagerduty")
    assert (alone.status, "say --yes" in alone.err) == (Status.BAD_INPUT, True)
    unknown = project.secrets("unset", "pagerdut", "--yes")
    assert (unknown.status, "did you mean pagerduty?" in unknown.err) == (Status.BAD_INPUT, True)


@pytest.fixture
def real(project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], str]:
    """The real Pulumi with a file backend, behind a script that records how it is called."""
    pulumi = Path(os.environ.get("BELFRY_PULUMI", tools_home() / "bin" / "pulumi")).resolve()
    assert pulumi.exists(), f"pulumi is missing ({pulumi}): run `belfry tools get`"
    record = tmp_path / "calls"
    state = tmp_path / "state"
    state.mkdir()
    monkeypatch.setenv("PULUMI_BACKEND_URL", f"file://{state}")
    monkeypatch.setenv("PULUMI_HOME", str(tmp_path / "pulumi-home"))
    monkeypatch.setenv("PULUMI_CONFIG_PASSPHRASE", "of the owner")
    project.pulumi(f'{{ echo "$@"; env; }} >> {record}\nexec {pulumi} "$@"')
    for stack in ("prod", "staging"):
        subprocess.run(
            [pulumi, "stack", "init", stack, "--no-select", "--non-interactive"],
            cwd=project.root,
            check=True,
            capture_output=True,
        )
    return lambda: record.read_text(encoding="utf-8")


def test_a_secret_goes_in_is_checked_and_is_taken_out_without_being_seen_anywhere(
    project: Project, real: Callable[[], str], tmp_path: Path
) -> None:
    password = "12345678901"
    values = {
        "slack-critical": SLACK,
        "slack-warnings": OTHER,
        "pagerduty": PAGERDUTY,
        "smtp-password": password,
        "incident-hook": "kJ8_sD-2mPq7Zx0vB4nT6yRw1cEuLhAg",
        "discord-alerts": f"https://discord.com/api/webhooks/{'12' * 9}/{'Ab3' * 22}",
        "sms-token": "9c1f" * 8,
    }
    said = ""
    for name, value in values.items():
        answer = project.secrets("set", name, given=f"{value}\n")
        assert answer.status == Status.DONE, answer.err
        said += answer.said
    said += project.secrets("set", "vote-key", "--generate").said
    checked = project.secrets("check", "--json")
    assert checked.status == Status.DONE, checked.said
    verdicts = {row["name"]: row["verdict"] for row in json.loads(checked.out)["secrets"]}
    assert set(verdicts.values()) == {"right"}
    assert set(verdicts) == {*values, "vote-key"}
    listed = project.secrets("list")
    assert "missing" not in listed.out

    replaced = project.secrets("set", "pagerduty", given=PAGERDUTY.upper())
    assert "pagerduty is replaced" in replaced.out
    again = project.secrets("set", "slack-warnings", given=SLACK)
    twins = project.secrets("check")
    assert twins.status == Status.DONE
    assert "the same value as slack-critical" in twins.out
    unset = project.secrets("unset", "pagerduty", "--yes")
    assert unset.status == Status.DONE
    missing = project.secrets("check")
    assert missing.status == Status.FAILED
    assert "missing" in missing.out

    text = project.stack_file().read_text(encoding="utf-8")
    assert text.startswith("# Replace the zeros")
    assert "pagerduty" not in text
    everything = [checked, listed, replaced, again, twins, unset, missing]
    said += "".join(answer.said for answer in everything)
    kept = "".join(
        path.read_text(encoding="utf-8", errors="replace")
        for path in tmp_path.rglob("*")
        if path.is_file()
    )
    for value in (*values.values(), OTHER, PAGERDUTY.upper()):
        assert value not in said
        assert value not in real()
        assert value not in kept


def test_a_wrong_passphrase_and_another_stacks_value_are_found_out(
    project: Project, real: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    key = "kJ8_sD-2mPq7Zx0vB4nT6yRw1cEuLhAg"
    for stack in ("prod", "staging"):
        assert project.secrets("set", "vote-key", given=key, stack=stack).status == Status.DONE
    shared = project.secrets("check", stack="staging")
    assert shared.status == Status.DONE
    assert "the same value as vote-key of the stack prod" in shared.out
    monkeypatch.setenv("PULUMI_CONFIG_PASSPHRASE", "of somebody else")
    refused = project.secrets("check")
    assert refused.status == Status.FAILED
    assert "the passphrase at hand is not the one of Pulumi.prod.yaml" in refused.err
    assert key not in real() + shared.said + refused.said


def test_tokens_tell_the_least_for_a_stack_as_table_json_and_body(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    def run(*arguments: str) -> str:
        with pytest.raises(SystemExit) as ending:
            main(["tokens", "--stack", "prod", *arguments])
        assert ending.value.code == Status.DONE
        return capsys.readouterr().out

    assert "Workers Scripts" in run()
    told = json.loads(run("--json"))
    names = {group["name"]: group for group in told["cloudflare"]}
    assert names["Health Checks"]["scope"] == "zone"
    assert names["Workers Scripts"]["preview"] == "Workers Scripts Read"
    assert "fixed:folders:reader" in told["grafana"]["preview"]["roles"]
    body = json.loads(run("--body", "preview"))
    assert body["policies"][0]["resources"] == {f"com.cloudflare.api.account.{'0' * 32}": "*"}
    groups = tmp_path / "groups.json"
    scopes = {"account": "com.cloudflare.api.account", "zone": "com.cloudflare.api.account.zone"}
    listing = [
        {"id": f"id-{group['name']}", "name": group["deploy"], "scopes": [scopes[group["scope"]]]}
        for group in told["cloudflare"]
    ]
    groups.write_text(json.dumps({"result": listing}), encoding="utf-8")
    filled = json.loads(run("--body", "deploy", "--groups", str(groups)))
    assert {"id": "id-Queues", "name": "Queues Write"} in filled["policies"][0]["permission_groups"]


@pytest.mark.parametrize("text", ["no JSON", "{}", '{"result": [{"id": 1}]}'])
def test_a_list_of_groups_that_is_none_is_bad_input(
    text: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    groups = tmp_path / "groups.json"
    groups.write_text(text, encoding="utf-8")
    with pytest.raises(SystemExit) as ending:
        main(["tokens", "--stack", "prod", "--body", "deploy", "--groups", str(groups)])
    assert ending.value.code == Status.BAD_INPUT
    assert "not Cloudflare's list of permission groups" in capsys.readouterr().err
