"""docs/tokens.md: written by hand around tables that are derived from the shipped stacks' plans.

`python -m cli.tokens_page` writes it.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from belfry.permissions import Purpose, permissions, token_body
from engine.paths import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from belfry.permissions import Permissions

WRITTEN = ROOT / "docs" / "tokens.md"

_PAGE = """\
<!-- `make docs` writes this page; its text stands in cli/tokens_page.py. -->
# Tokens

A stack on real accounts needs two tokens, read from the environment so that state never holds them.
This page says the least that each must be allowed. It is derived: `belfry plan` says which
resources a stack holds, `belfry/permissions.py` which permission each of them needs. `belfry tokens
--stack prod` says the same of one stack.

| token | variables | preview, in CI | deploy |
|---|---|---|---|
| Cloudflare | `CLOUDFLARE_API_TOKEN` | all permissions below, Read | all of them, Edit |
| Grafana | `GRAFANA_URL`, `GRAFANA_AUTH` | the roles for preview | the roles for deploy |

Make two of each: one that can only read for pull requests, and one that can write where you deploy
from. The secrets of the stack are none of these; `belfry secrets list --stack prod` shows them
([stacks](stacks.md#secrets)).

Of what follows

{stacks}

and a stack with `belfry:localcloud: true` needs no token at all.

## Cloudflare

| permission | of | for |
|---|---|---|
{groups}

The API calls Edit `Write`. Give the token this account and, for the permissions of a zone, this
zone; nothing of all accounts or all zones.

By hand: Manage Account → API Tokens → Create Token → Custom token, and one line a permission. It is
an account's token, which outlives the person who made it; My Profile → API Tokens makes a person's.

By API: a token that may make tokens asks for the ids of the permissions, which the call wants, and
makes the token. The answer shows it once: put it where your deployments read it, not into a file.
With bash, no process list shows the first token either:

```
api=https://api.cloudflare.com/client/v4/accounts/$ACCOUNT/tokens
maker() { printf 'Authorization: Bearer %s' "$TOKEN_THAT_MAKES_TOKENS"; }
curl -s -H @<(maker) $api/permission_groups > groups.json
belfry tokens --stack prod --body deploy --groups groups.json |
  curl -s -H @<(maker) --json @- $api
```

Without `--groups`, the body for `--body deploy` is:

```json
{body}
```

## Grafana

A service account without a basic role (None), and with these fixed roles:

| for | roles |
|---|---|
{roles}

Administration → Users and access → Service accounts → Add, then the roles, then Add token. A custom
role can be narrower than the fixed ones, and can be given for one folder:

| for | actions |
|---|---|
{actions}

Fixed and custom roles are of Grafana Cloud and Enterprise. Elsewhere the service account needs the
basic role Admin, to preview with `--refresh` too, because only an Admin reads data sources there.

## What a preview asks

`pulumi preview` compares with the state and asks Grafana nothing and Cloudflare one thing: the list
of Workers, for which Workers Scripts Read will do. The other permissions for preview are for
`--refresh` and for `belfry refresh`, which read every resource.

## What is not verified

- Nothing here was tried with a real account. Permissions of Cloudflare are those that its provider
  names under "Accepted Permissions" and its OpenAPI description under `x-api-token-group`; for the
  lifecycle of a bucket the provider names none, and it takes its bucket's.
- The provider reads a Worker from `workers/services/…` too, which Cloudflare's description does not
  hold.
- Cloudflare says that Workers Scripts alone allows queues as well. Queues is listed all the same:
  it allows nothing more, and the token does not rest on that sentence.
- Whether an upload with bindings asks for the permission of what is bound is said nowhere. The
  token has it in any case.
- That tokens of an account can do everything here is not said for each permission; tokens of a
  person can.
- Grafana's roles and actions are those of its documentation and source of 2026. Releases before 11
  may ask for `alert.provisioning:read` where this page says `alert.rule:read` or
  `alert.notifications:read`; the only fixed role with it that cannot write,
  `fixed:alerting.provisioning.secrets:reader`, also shows the contact points' secrets.
- `fixed:folders:creator` is not enough: a folder is read back after it is made, and that role
  cannot read it.
- Deleting a folder asks for `alert.rule:delete`, even when it is empty; hence
  `fixed:alerting.rules:writer`.
"""


def page(plans: Mapping[str, Iterable[str]]) -> str:
    """Write the page.

    Args:
        plans: resource types by stack.

    Raises:
        Problems: a type for which no permission is known.

    """
    found = permissions({one for types in plans.values() for one in types})
    body = token_body(
        found, Purpose.DEPLOY, name="belfry-prod-deploy", account="ACCOUNT", zone="ZONE"
    )
    values = {
        "stacks": _stacks(plans, found),
        "groups": "\n".join(
            f"| {group.name} | {group.scope} | {_names(types)} |"
            for group, types in found.groups.items()
        ),
        "body": json.dumps(body, indent=2),
        "roles": "\n".join(f"| {one} | {_codes(found.roles[one])} |" for one in Purpose),
        "actions": "\n".join(f"| {one} | {_codes(found.actions[one])} |" for one in Purpose),
    }
    text = _PAGE
    for name, value in values.items():
        text = text.replace(f"{{{name}}}", value)
    return text


def shipped_plans() -> Mapping[str, Iterable[str]]:
    """Give the resource types of every stack of the checkout."""
    from engine.recorder import record
    from engine.stacks import stack_names

    return {name: record(ROOT, stack=name).summary.types for name in stack_names(ROOT)}


def _stacks(plans: Mapping[str, Iterable[str]], union: Permissions) -> str:
    """Say which stacks need all of the page, and what the others do not."""
    lines = []
    for name, types in plans.items():
        own = permissions(types).groups
        left_out = [group.name for group in union.groups if group not in own]
        less = f"all but {', '.join(left_out)}" if left_out else "all of it"
        lines.append(f"- the stack `{name}` needs {less}")
    return "\n".join(lines)


def _names(types: Iterable[str]) -> str:
    return ", ".join(one.rpartition(":")[2] for one in types)


def _codes(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


if __name__ == "__main__":
    WRITTEN.write_text(page(shipped_plans()), encoding="utf-8")
