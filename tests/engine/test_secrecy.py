"""No secret lies in the clear in any file of the state backend."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.engine.test_life import ALL_TYPES, FIRST, SECOND

if TYPE_CHECKING:
    from tests.engine.workbench import Workbench

SECRETS = (
    "a-word-{word}",
    "word-in-plain-{word}",
    "word-in-secret-{word}",
    "hook-{word}",
    "key-{word}",
    "credential-{word}",
)


def test_no_state_file_holds_a_secret_after_create_update_and_refresh(live: Workbench) -> None:
    live.program(ALL_TYPES.format(**FIRST))
    live.up()
    live.refresh()
    live.program(ALL_TYPES.format(**SECOND))
    live.up()
    held = live.state_files()
    assert "export default" in held
    for settings in (FIRST, SECOND):
        for secret in SECRETS:
            assert secret.format(**settings) not in held, secret
            assert secret.format(**settings) not in live.output(), secret


def test_a_secret_that_the_program_wraps_stays_one_whatever_property_it_is(
    live: Workbench,
) -> None:
    live.program(
        """
        kv = cloudflare.WorkersKvNamespace(
            "kv", account_id=account, title=pulumi.Output.secret("a-hidden-title"), opts=edge)
        pulumi.export("title", kv.title)
        """
    )
    live.up()
    live.refresh()
    assert "a-hidden-title" not in live.state_files()
    assert live.stack.outputs()["title"] == "[secret]"
