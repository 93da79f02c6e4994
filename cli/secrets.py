"""The secrets of a stack: which it needs, setting them, and whether they will do.

No command takes a value as an argument or shows one.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, NoReturn

import click

from cli.output import BadInput, Status, console, emit_json, json_option, say, stack_option
from cli.secrets_table import print_findings, print_table, state_of

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from belfry.secrets_needed import Finding, Need
    from cli.subject import Subject
    from engine.stack_secrets import StackSecrets

_GENERATED = 32
"""Random bytes of a key that is made here."""


@click.group(
    name="secrets",
    epilog="""\b
Examples:
  belfry secrets list --stack prod               which it needs, and which are missing
  belfry secrets set pagerduty --stack prod      asks for the value without showing it
  belfry secrets check --stack prod              whether they decrypt and look right
""",
)
def secrets_command() -> None:
    """List, set and check what a stack keeps secret. Values are never shown."""


@secrets_command.command(
    "list",
    epilog="""\b
Examples:
  belfry secrets list --stack prod
  belfry secrets list --stack prod --json
""",
)
@stack_option
@json_option
def list_command(*, stack: str, as_json: bool) -> None:
    """Show which secrets a stack needs, by what, and whether they are set."""
    subject = _subject(stack)
    held = _store(subject).held()
    needs = _needs(subject, held)
    if as_json:
        emit_json(
            {
                **_about(subject),
                "secrets": [
                    {
                        "name": need.name,
                        "kind": need.kinds[0].value,
                        "what": need.what,
                        "state": state_of(need, held, local=subject.stack.localcloud),
                        "needed": need.needed.name.lower(),
                        "by": list(need.by),
                    }
                    for need in needs
                ],
            }
        )
        return
    print_table(subject, needs, held)


@secrets_command.command(
    "set",
    epilog="""\b
Examples:
  belfry secrets set slack-critical --stack prod              asks for it, unseen
  pass show slack/critical | belfry secrets set slack-critical --stack prod
  belfry secrets set vote-key --stack prod --generate         a key that Belfry alone uses
""",
)
@click.argument("name")
@click.argument("more", nargs=-1)
@stack_option
@click.option("--generate", is_flag=True, help="Make a random one, for what Belfry alone uses.")
@click.option("--force", is_flag=True, help="Set it though it looks wrong or nothing needs it.")
def set_command(
    name: str, more: tuple[str, ...], *, stack: str, generate: bool, force: bool
) -> None:
    """Encrypt a secret into the stack's file. The value comes from standard input alone."""
    if more:
        message = (
            "a secret is never an argument: the shell's history and every process list would keep "
            "it. Give it on standard input, and have a new one made if this one was real"
        )
        raise BadInput(message)
    subject = _subject(stack)
    if subject.stack.localcloud:
        message = (
            f"the stack {stack} runs on this machine and needs no secret; its passphrase is known "
            "to everybody. Name another with --stack"
        )
        raise BadInput(message)
    store = _store(subject)
    held = store.held()
    need = _find(name, _needs(subject, held), force=force)
    value = _generate(need) if generate else _ask(need)
    _refuse_what_looks_wrong(need, value, force=force)
    store.put(need.name, value)
    done = "replaced" if need.name in held else "set"
    console().print(f"{need.name} is {done} in {store.path.name}, encrypted.")
    say(
        f"`belfry secrets unset {need.name} --stack {stack}` takes it back; "
        f"`belfry up --stack {stack}` brings it to where it is used."
    )


@secrets_command.command(
    "unset",
    epilog="""\b
Examples:
  belfry secrets unset old-hook --stack prod
  belfry secrets unset old-hook --stack prod --yes       asks nothing
""",
)
@click.argument("name")
@stack_option
@click.option("-y", "--yes", is_flag=True, help="Do not ask.")
def unset_command(name: str, *, stack: str, yes: bool) -> None:
    """Take a secret out of the stack's file."""
    from belfry.problems import suggestion

    subject = _subject(stack)
    store = _store(subject)
    held = store.held()
    if name not in held:
        hint = suggestion(name, held, else_say="it has none")
        message = f"{store.path.name} has no secret of this name; {hint}"
        raise BadInput(message)
    if not yes:
        if not sys.stdin.isatty():
            message = "nobody is there to confirm it: say --yes"
            raise BadInput(message)
        click.confirm(f"Take {name} out of {store.path.name}?", abort=True, err=True)
    store.remove(name)
    console().print(f"{name} is taken out of {store.path.name}.")


@secrets_command.command(
    "check",
    epilog="""\b
Examples:
  belfry secrets check --stack prod
  belfry secrets check --stack prod --json
""",
)
@stack_option
@json_option
def check_command(*, stack: str, as_json: bool) -> int:
    """Check that every secret is set, decrypts and looks right. Exit status 1 when one is not."""
    from belfry.secrets_needed import judge
    from engine.stack_secrets import Held

    subject = _subject(stack)
    if subject.stack.localcloud:
        findings: tuple[Finding, ...] = ()
        unread: tuple[str, ...] = ()
    else:
        store = _store(subject)
        held = store.held()
        others, unread = _others(subject)
        findings = judge(
            _needs(subject, held),
            store.values(),
            clear=[name for name, how in held.items() if how is Held.CLEAR],
            others=others,
        )
    if as_json:
        told = [
            {"name": one.name, "verdict": one.verdict.value, "why": one.why} for one in findings
        ]
        emit_json({**_about(subject), "secrets": told, "not_compared": list(unread)})
    else:
        print_findings(subject, findings, unread)
    return Status.FAILED if any(one.verdict.fails for one in findings) else Status.DONE


def _subject(stack: str) -> Subject:
    from cli.subject import find_subject

    return find_subject(stack)


def _store(subject: Subject) -> StackSecrets:
    from engine.stack_secrets import StackSecrets

    return StackSecrets(subject.home, subject.stack)


def _needs(subject: Subject, held: Collection[str]) -> tuple[Need, ...]:
    """Compile the stack for the names of its secrets; where it will be does not matter."""
    from belfry.catalogue import load_catalogue
    from belfry.secrets_needed import needs
    from cli.compiling import compiled_offline

    environment = subject.stack.environment
    stack = compiled_offline(
        subject.platform,
        environment,
        load_catalogue(),
        owns_grafana_policy=subject.stack.owns_grafana_policy,
    )
    return needs(subject.platform, environment, stack.secrets, held=held)


def _others(subject: Subject) -> tuple[dict[str, Mapping[str, str]], tuple[str, ...]]:
    """Read the secrets of every other stack on real accounts; name those that cannot be read."""
    from cli.subject import find_stack
    from engine.errors import EngineError
    from engine.stack_secrets import StackSecrets
    from engine.stacks import stack_names

    read: dict[str, Mapping[str, str]] = {}
    unread = []
    for name in stack_names(subject.home.root):
        if name == subject.stack.name:
            continue
        try:
            file = find_stack(subject.home, name)
            if not file.localcloud:
                read[name] = StackSecrets(subject.home, file).values()
        except (EngineError, BadInput):
            unread.append(name)
    return read, tuple(unread)


def _find(name: str, needs: Sequence[Need], *, force: bool) -> Need:
    from belfry.problems import suggestion
    from belfry.secret_forms import Kind
    from belfry.secrets_needed import Need, Needed
    from belfry.values.nonsense import Nonsense
    from belfry.values.secret import parse_secret

    known = {need.name: need for need in needs}
    if name in known and (force or known[name].needed is not Needed.NOTHING):
        return known[name]
    try:
        parse_secret(f"secret:{name}")
    except Nonsense:
        message = (
            "this is no name of a secret, which has lower-case letters, digits and hyphens; it is "
            "not repeated here, because it may be the secret itself"
        )
        raise BadInput(message) from None
    if force:
        return Need(name=name, kinds=(Kind.ANY,), by=(), needed=Needed.NOTHING)
    wanted = [need.name for need in needs if need.needed is not Needed.NOTHING]
    hint = suggestion(name, wanted, else_say="the platform names none")
    message = f"nothing needs a secret of this name (--force sets it all the same): {hint}"
    raise BadInput(message)


def _generate(need: Need) -> str:
    import secrets

    if need.own:
        return secrets.token_urlsafe(_GENERATED)
    message = f"somebody else issues {need.name} ({need.what}): take it from there"
    raise BadInput(message)


def _ask(need: Need) -> str:
    if sys.stdin.isatty():
        value: str = click.prompt(f"{need.name} ({need.what})", hide_input=True, err=True)
        return value
    try:
        text = sys.stdin.buffer.read().decode()
    except UnicodeDecodeError:
        message = "standard input is not UTF-8 text"
        raise BadInput(message) from None
    return text.removesuffix("\n").removesuffix("\r")


def _refuse_what_looks_wrong(need: Need, value: str, *, force: bool) -> None:
    if not value:
        _refuse("nothing came on standard input: an empty secret is none")
    if wrong := need.wrong(value):
        if not force:
            _refuse(f"this is not right for {need.name} ({need.what}): {wrong}. --force sets it")
        say(f"set all the same: {wrong}")
    elif doubt := need.doubtful(value):
        say(f"look again: {doubt}")


def _refuse(message: str) -> NoReturn:
    raise BadInput(message)


def _about(subject: Subject) -> dict[str, object]:
    return {
        "stack": subject.stack.name,
        "platform": subject.stack.platform,
        "environment": subject.stack.environment,
        "localcloud": subject.stack.localcloud,
    }
