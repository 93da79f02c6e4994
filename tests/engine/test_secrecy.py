"""What a program calls a secret is one, whatever property it is given to."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.engine.workbench import Workbench


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
