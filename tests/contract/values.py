"""What the contracts of all components share: an account, a zone, secrets, and what a case is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pulumi import Output

from belfry import arguments
from belfry.arguments import Secret

if TYPE_CHECKING:
    from collections.abc import Callable

    from pulumi import ComponentResource, ResourceOptions

ACCOUNT = "a" * 32
ZONE = "b" * 32
WORKER_URL = "https://shop.example"
SECRET_VALUE = "correct-horse-battery-staple"


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One component, ready to be registered, and the types of the children that it then has."""

    component: Callable[..., ComponentResource]
    args: type
    make: Callable[[str], tuple[str, Any]]
    """Gives a name and arguments, for an environment."""
    children: tuple[str, ...]
    secrets: int = 0
    """How many secret values its children take."""

    @property
    def type(self) -> str:
        """The component's type token."""
        provider = self.component.__module__.split(".")[1]
        return f"belfry:{provider}:{self.component.__name__}"

    def build(self, environment: str, opts: ResourceOptions | None = None) -> ComponentResource:
        """Register it."""
        name, args = self.make(environment)
        return self.component(name, args, opts)


def secret(*names: str) -> dict[str, Output[str]]:
    """Give values of secrets, by their names."""
    return {name: Output.secret(f"{SECRET_VALUE}-{name}") for name in names}


def worker_values(environment: str) -> arguments.MonitoringWorker:
    """Give a monitoring Worker."""
    name = f"shop-monitoring-{environment}"
    return arguments.MonitoringWorker(
        script=name,
        code="export default {};",
        compatibility_date="2026-06-01",
        compatibility_flags=("nodejs_compat",),
        crons=("* * * * *",),
        configuration='{"version":2}',
        namespace=name,
        bucket=name,
        expiries=(arguments.Expiry(name="archive", prefix="", age=86_401),),
        queue=name,
        variables=(("ENVIRONMENT", environment),),
        secrets=(("SECRET_SLACK", Secret(name="slack")), ("SECRET_VOTE", Secret(name="vote"))),
        durable_objects=(("COORDINATOR", "Coordinator"),),
        migrations=(arguments.Migration(tag="v1", new_sqlite_classes=("Coordinator",)),),
    )
