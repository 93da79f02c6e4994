"""A Pulumi project of its own in a folder of its own, with the real `pulumi` and our plugins."""

from __future__ import annotations

import atexit
import json
import os
import shutil
import tempfile
import textwrap
import uuid
from dataclasses import dataclass
from functools import cache
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
ANY_PORT = 0
"""For a localcloud: the one that is free when it listens, whoever else looks for one."""

HEAD = """
import json
import pulumi

settings = pulumi.Config()
url = settings.require("url")
account = settings.require("account")
zone = settings.require("zone")
"""
"""The beginning of every program; the account is the test's own."""

CLOUDFLARE = """
import importlib, importlib.util, re, sys, types

class Parts(types.ModuleType):
    def __getattr__(self, name):
        if name.startswith("_"):
            raise AttributeError(name)
        words = re.sub("(?<=[a-z0-9])(?=[A-Z])", "_", name).lower().removesuffix("_output")
        return getattr(importlib.import_module(f"{self.__name__}.{words}"), name)

whole = importlib.util.find_spec("pulumi_cloudflare")
cloudflare = sys.modules["pulumi_cloudflare"] = Parts("pulumi_cloudflare")
cloudflare.__path__ = whole.submodule_search_locations
"""
"""How a program gets Cloudflare's SDK: the modules of the classes that it names.

All 780 take as long as everything else that an update does. The stacks of tests/whole and
test_local_stack import them as users do.
"""

PROVIDERS = {
    "cloudflare.": f"""
{CLOUDFLARE}
edge = pulumi.ResourceOptions(
    provider=cloudflare.Provider("edge", base_url=f"{{url}}/client/v4", api_token="t" * 40)
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


@cache
def binaries() -> Path:
    """A directory with `pulumi` and `node`, made once: each new place is asked for its version.

    A test that changes what is in it makes one of its own.
    """
    place = Path(tempfile.mkdtemp(prefix="belfry-binaries-"))
    atexit.register(shutil.rmtree, place, ignore_errors=True)
    for name in ("pulumi", "node"):
        there = Path(os.environ.get(f"BELFRY_{name.upper()}", tools_home() / "bin" / name))
        assert there.exists(), f"{name} is missing ({there}): run `belfry tools get`"
        (place / name).symlink_to(there.resolve())
    return place


def lay_out(home: Home) -> Home:
    """Put the binaries into a fresh state directory; fail when they are missing."""
    home.path.mkdir(parents=True)
    home.bin.symlink_to(binaries())
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

    def write_config(self, salt: str | None = None) -> None:
        """Write the stack file, with the salt that it has if no other is given."""
        config = {"url": self.url, "account": self.account, "zone": self.zone, "localcloud": "true"}
        told: dict[str, Any] = {"config": {f"belfry:{name}": it for name, it in config.items()}}
        salt = salt or self.salt()
        told |= {"encryptionsalt": salt} if salt else {}
        self._file.write_text(json.dumps(told), encoding="utf-8")

    def salt(self) -> str | None:
        """What Pulumi made for the secrets of the stack, once it has."""
        if not self._file.is_file():
            return None
        found: str | None = yaml.safe_load(self._file.read_text(encoding="utf-8")).get(
            "encryptionsalt"
        )
        return found

    @property
    def _file(self) -> Path:
        return self.home.root / f"Pulumi.{STACK}.yaml"

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
    """A fresh project with an empty stack."""
    bench = _project(place, url)
    salt, state = _empty_stack()
    bench.write_config(salt)
    bench.stack.checkpoint.parent.mkdir(parents=True)
    bench.stack.checkpoint.write_bytes(state)
    bench.stack.prepare()
    return bench


def _project(place: Path, url: str) -> Workbench:
    root = place / "project"
    root.mkdir()
    home = lay_out(Home(path=place / "home", root=root))
    bench = Workbench(home, url, uuid.uuid4().hex, uuid.uuid4().hex)
    (root / "Pulumi.yaml").write_text("name: belfry\nruntime: python\n", encoding="utf-8")
    bench.write_config()
    return bench


@cache
def _empty_stack() -> tuple[str, bytes]:
    """The salt and the state of a stack as Pulumi makes it, which takes it most of a second."""
    with tempfile.TemporaryDirectory(prefix="belfry-empty-") as place:
        bench = _project(Path(place), "http://127.0.0.1:9")
        bench.stack.prepare()
        salt = bench.salt()
        assert salt
        return salt, bench.stack.checkpoint.read_bytes()
