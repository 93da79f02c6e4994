"""The tokens of a stack: the least that each must be allowed, and how to make it."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING

import click

from cli.output import BadInput, console, emit_json, json_option, stack_option

if TYPE_CHECKING:
    from collections.abc import Mapping

    from belfry.permissions import Permissions, Scope
    from engine.stacks import StackFile

_PURPOSES = ("preview", "deploy")


@click.command(
    name="tokens",
    epilog="""\b
Examples:
  belfry tokens --stack prod                   what each token must be allowed
  belfry tokens --stack prod --body deploy     the JSON that makes Cloudflare's
  belfry tokens --stack prod --body deploy --groups groups.json
                                               the same with the ids that Cloudflare wants
""",
)
@stack_option
@click.option(
    "--body",
    type=click.Choice(_PURPOSES),
    help="Print the body of the call that makes a token of Cloudflare's.",
)
@click.option(
    "--groups",
    type=click.File(encoding="utf-8"),
    help="With --body: Cloudflare's list of permission groups, for their ids; - reads it.",
)
@json_option
def tokens_command(*, stack: str, body: str | None, groups: IO[str] | None, as_json: bool) -> None:
    """Show the least that a stack's tokens must be allowed, derived from its resources."""
    from belfry.permissions import Purpose, permissions, token_body
    from cli.subject import find_stack
    from engine.paths import find_home
    from engine.recorder import record

    if groups and not body:
        message = "--groups is for --body"
        raise BadInput(message)
    home = find_home()
    file = find_stack(home, stack)
    found = permissions(record(home.root, stack=stack).summary.types)
    if body:
        emit_json(
            token_body(
                found,
                Purpose(body),
                name=f"belfry-{file.name}-{body}",
                account=file.account or "ACCOUNT",
                zone=file.zone or "ZONE",
                ids=_ids(groups) if groups else None,
            )
        )
    elif as_json:
        emit_json(_as_json(file, found))
    else:
        _print(file, found)


def _ids(groups: IO[str]) -> Mapping[tuple[str, Scope], str]:
    import json

    from belfry.permissions import Scope

    scopes = {scope.resource: scope for scope in Scope}
    try:
        told = json.load(groups)["result"]
        return {
            (str(one["name"]), scopes[scope]): str(one["id"])
            for one in told
            for scope in one["scopes"]
            if scope in scopes
        }
    except (ValueError, KeyError, TypeError):
        message = (
            f"{groups.name} is not Cloudflare's list of permission groups (docs/tokens.md says how "
            "to get it)"
        )
        raise BadInput(message) from None


def _as_json(file: StackFile, found: Permissions) -> dict[str, object]:
    from belfry.permissions import Purpose

    return {
        "stack": file.name,
        "localcloud": file.localcloud,
        "cloudflare": [
            {
                "name": group.name,
                "scope": group.scope.value,
                **{purpose.value: group.api_name(purpose) for purpose in Purpose},
                "types": list(types),
            }
            for group, types in found.groups.items()
        ],
        "grafana": {
            purpose.value: {
                "roles": list(found.roles[purpose]),
                "actions": list(found.actions[purpose]),
            }
            for purpose in Purpose
        },
    }


def _print(file: StackFile, found: Permissions) -> None:
    from rich.table import Table

    from belfry.permissions import Purpose

    out = console()
    table = Table(
        "permission",
        "of",
        "preview",
        "deploy",
        "for",
        box=None,
        header_style="bold",
        pad_edge=False,
    )
    for group, types in found.groups.items():
        made = ", ".join(one.rpartition(":")[2] for one in types)
        table.add_row(group.name, group.scope.value, "Read", "Edit", made)
    out.print("[bold]Cloudflare[/], CLOUDFLARE_API_TOKEN: this account and this zone only")
    out.print(table)
    out.print("\n[bold]Grafana[/], GRAFANA_AUTH: a service account without a basic role, and")
    for purpose in Purpose:
        out.print(f"  {purpose.value:<8} {', '.join(found.roles[purpose])}")
    if file.localcloud:
        out.print(f"\nThe stack {file.name} runs on this machine and needs no token.")
        return
    out.print(
        f"\n`belfry tokens --stack {file.name} --body deploy` prints what makes Cloudflare's; "
        "docs/tokens.md says how, and what is not verified."
    )
