"""What the stand-ins will not do: mistakes in properties, addresses that are not this machine."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.engine.workbench import CLOUDFLARE

if TYPE_CHECKING:
    from tests.engine.workbench import Workbench

BARE = f"""
import pulumi
{CLOUDFLARE}
settings = pulumi.Config()
edge = cloudflare.Provider("edge", base_url="http://127.0.0.1:9/client/v4", api_token="t" * 40)
options = pulumi.ResourceOptions(provider=edge)

class Raw(pulumi.CustomResource):
    def __init__(self, kind, name, props):
        super().__init__(kind, name, props, options)
"""


@pytest.mark.parametrize(
    ("kind", "properties", "said"),
    [
        (
            "cloudflare:index/queue:Queue",
            {"accountId": "a", "queueName": "q", "settings": {"deliveryDelay": "soon"}},
            "cloudflare:index/queue:Queue: settings.deliveryDelay: expected number, got a string",
        ),
        (
            "cloudflare:index/tunnel:Tunnel",
            {},
            "does not know the type cloudflare:index/tunnel:Tunnel",
        ),
    ],
)
def test_a_mistake_in_a_property_is_told_with_its_type_and_place(
    bench: Workbench, kind: str, properties: dict[str, object], said: str
) -> None:
    """Pulumi shows what the stand-in says; test_protocol has what it says."""
    bench.program(f"Raw({kind!r}, 'wrong', {properties!r})", head=BARE)
    summary = bench.stack.preview(bench._log)
    assert not summary.succeeded
    assert said in bench.output()


def test_cloudflares_stand_in_speaks_to_this_machine_only(bench: Workbench) -> None:
    bench.program(
        """
        address = "https://api.cloudflare.com/client/v4"
        edge = cloudflare.Provider("edge", base_url=address, api_token="t" * 40)
        cloudflare.Queue("q", account_id="a", queue_name="q",
                         opts=pulumi.ResourceOptions(provider=edge))
        """,
        head=f"import pulumi\n{CLOUDFLARE}",
    )
    assert "not a loopback address" in bench.failed_up()


def test_grafanas_stand_in_speaks_to_this_machine_only(bench: Workbench) -> None:
    bench.program(
        """
        import pulumi
        import pulumiverse_grafana as grafana
        board = grafana.Provider("board", url="https://grafana.example.com", auth="a:b")
        grafana.oss.Folder("f", title="f", opts=pulumi.ResourceOptions(provider=board))
        """,
        head="",
    )
    assert "not a loopback address" in bench.failed_up()


def test_a_provider_without_settings_is_refused_and_not_sent_to_the_real_service(
    bench: Workbench,
) -> None:
    bench.program(
        """
        cloudflare.Queue("q", account_id="a", queue_name="q")
        """,
        head=CLOUDFLARE,
    )
    assert "base_url is ''" in bench.failed_up()


def test_a_token_of_the_wrong_form_is_refused_as_by_the_real_plugin(bench: Workbench) -> None:
    bench.program(
        """
        cloudflare.Provider("edge", base_url="http://127.0.0.1:9/client/v4", api_token="short")
        """,
        head=CLOUDFLARE,
    )
    assert "API tokens must only contain characters" in bench.failed_up()


def test_a_cloud_that_does_not_run_is_named_with_the_remedy(bench: Workbench) -> None:
    bench.program(
        """
        cloudflare.Queue("q", account_id=account, queue_name="q", opts=edge)
        """
    )
    said = bench.failed_up()
    assert "Does localcloud run?" in said
    assert "Traceback" not in said


def test_a_refusal_of_the_service_is_shown_as_it_wrote_it(live: Workbench) -> None:
    live.program(
        """
        cloudflare.WorkersCronTrigger("crons", account_id=account, script_name="nowhere",
                                      schedules=[dict(cron="* * * * *")], opts=edge)
        """
    )
    said = live.failed_up()
    assert "/workers/scripts/nowhere/schedules" in said
    assert "404 Not Found" in said
