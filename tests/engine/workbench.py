"""A Pulumi project of its own in a folder of its own, with the real `pulumi` and our plugins."""

from __future__ import annotations

import json
import os
import socket
import textwrap
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from engine import getting
from engine.paths import ROOT, Home
from engine.pulumi import Stack
from engine.stacks import StackFile

if TYPE_CHECKING:
    from engine.pulumi import Summary

STACK = "bench"

HEAD = """
import json
import pulumi

settings = pulumi.Config()
url = settings.require("url")
account = settings.require("account")
zone = settings.require("zone")
"""
"""The beginning of every program; the account is the test's own."""

PROVIDERS = {
    "cloudflare.": """
import pulumi_cloudflare as cloudflare
edge = pulumi.ResourceOptions(
    provider=cloudflare.Provider("edge", base_url=f"{url}/client/v4", api_token="t" * 40)
)
""",
    "grafana.": """
import pulumiverse_grafana as grafana
board = pulumi.ResourceOptions(
    provider=grafana.Provider("board", url=f"{url}/grafana", auth="admin:admin")
)
""",
}
"""What a program that uses an SDK begins with; one that does not is spared two seconds."""


def tools_home() -> Path:
    """The state directory whose binaries the tests use."""
    return Path(os.environ.get("BELFRY_TOOLS_HOME", ROOT / ".belfry"))


def free_port() -> int:
    """A port that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        number: int = probe.getsockname()[1]
        return number


def lay_out(home: Home) -> Home:
    """Put the binaries into a fresh state directory; fail when they are missing."""
    home.bin.mkdir(parents=True)
    for name in ("pulumi", "node"):
        there = Path(os.environ.get(f"BELFRY_{name.upper()}", tools_home() / "bin" / name))
        assert there.exists(), f"{name} is missing ({there}): run `belfry tools get`"
        (home.bin / name).symlink_to(there.resolve())
    for name in ("tools", "cache"):
        shared = tools_home() / name
        shared.mkdir(parents=True, exist_ok=True)
        (home.path / name).symlink_to(shared.resolve())
    getting.get(["pulumi", "node"], home, lambda _: None)
    return home


@dataclass(frozen=True, slots=True)
class Workbench:
    """A project whose program the test writes."""

    home: Home
    url: str
    account: str
    zone: str

    @property
    def stack(self) -> Stack:
        file = StackFile(name=STACK, platform="none", environment="local", localcloud=True)
        return Stack(self.home, file)

    def program(self, text: str, *, head: str = HEAD) -> None:
        """Write the program that the next operation runs."""
        body = textwrap.dedent(text)
        used = [lines for mark, lines in PROVIDERS.items() if mark in body] if head is HEAD else []
        whole = "\n".join([head, *used, body])
        (self.home.root / "__main__.py").write_text(whole, encoding="utf-8")

    def moved_to(self, url: str) -> Workbench:
        """The same project, aimed at another address."""
        moved = Workbench(self.home, url, self.account, self.zone)
        moved.write_config()
        return moved

    def write_config(self) -> None:
        """Write the stack file."""
        config = {"url": self.url, "account": self.account, "zone": self.zone, "localcloud": "true"}
        told = {"config": {f"belfry:{name}": value for name, value in config.items()}}
        path = self.home.root / f"Pulumi.{STACK}.yaml"
        if path.is_file():
            salt = yaml.safe_load(path.read_text(encoding="utf-8")).get("encryptionsalt")
            told |= {"encryptionsalt": salt} if salt else {}
        path.write_text(json.dumps(told), encoding="utf-8")

    def up(self) -> Summary:
        summary = self.stack.up(self._log)
        assert summary.succeeded, self.output()
        return summary

    def failed_up(self) -> str:
        """Run an update that has to fail, and give everything that it wrote."""
        summary = self.stack.up(self._log)
        assert not summary.succeeded, self.output()
        return self.output()

    def refresh(self) -> Summary:
        summary = self.stack.refresh(self._log)
        assert summary.succeeded, self.output()
        return summary

    def destroy(self) -> Summary:
        summary = self.stack.destroy(self._log)
        assert summary.succeeded, self.output()
        return summary

    def preview(self) -> Summary:
        summary = self.stack.preview(self._log)
        assert summary.succeeded, self.output()
        return summary

    def resources(self) -> dict[str, dict[str, Any]]:
        """What the state holds, by name."""
        deployment: Any = self.stack.export()["deployment"]
        return {r["urn"].split("::", 3)[-1]: r for r in deployment.get("resources", [])}

    def output(self) -> str:
        """What the operations so far wrote."""
        return self._log_file.read_text(encoding="utf-8")

    def state_files(self) -> str:
        """The text of every file of the state backend."""
        found = (path for path in self.home.state.rglob("*") if path.is_file())
        return "\n".join(path.read_text(encoding="utf-8", errors="replace") for path in found)

    @property
    def _log_file(self) -> Path:
        return self.home.path / "pulumi.log"

    def _log(self, line: str) -> None:
        with self._log_file.open("a", encoding="utf-8") as log:
            log.write(line + "\n")


def open_workbench(place: Path, url: str) -> Workbench:
    """A fresh project and stack."""
    root = place / "project"
    root.mkdir()
    home = lay_out(Home(path=place / "home", root=root))
    bench = Workbench(home, url, uuid.uuid4().hex, uuid.uuid4().hex)
    (root / "Pulumi.yaml").write_text("name: belfry\nruntime: python\n", encoding="utf-8")
    bench.write_config()
    bench.stack.prepare()
    return bench
