"""A localcloud in a process of its own, and how tests speak to it."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import httpx

from engine.loopback import NO_CERTIFICATES

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parents[2]
ACCOUNT = "a" * 32
ZONE = "b" * 32
TOKEN = "t" * 40
MODULE = "application/javascript+module"
WORKERS = Path(__file__).parent / "workers"
PATIENCE = 30.0

_Found = TypeVar("_Found")


def node() -> str:
    """Return the Node to run Workers with; without one the tests fail and say how to get it."""
    own = ROOT / ".belfry" / "bin" / "node"
    found = os.environ.get("BELFRY_NODE") or (str(own) if own.exists() else shutil.which("node"))
    hint = "get one with `belfry tools get node`, or name one in BELFRY_NODE"
    assert found, f"there is no Node: {hint}"
    version = subprocess.run(
        [found, "--version"], capture_output=True, text=True, check=True
    ).stdout
    major = re.match(r"v(\d+)", version)
    assert major, f"{found} does not tell its version: {hint}"
    assert int(major[1]) >= 22, f"{found} is Node {version.strip()}, 22 is needed: {hint}"
    return found


def modules() -> Path:
    """Return a node_modules with miniflare."""
    found = Path(
        os.environ.get("BELFRY_NODE_MODULES", ROOT / ".belfry" / "tools" / "node" / "node_modules")
    )
    hint = "get it with `belfry tools get node`, or name a directory in BELFRY_NODE_MODULES"
    assert (found / "miniflare").is_dir(), f"there is no miniflare in {found}: {hint}"
    return found


def wait_for(look: Callable[[], _Found], what: str, patience: float = PATIENCE) -> _Found:
    """Return what `look` finds as soon as it finds something."""
    deadline = time.monotonic() + patience
    while not (found := look()):
        assert time.monotonic() < deadline, f"{what}: not within {patience:g} s"
        time.sleep(0.02)
    return found


def command(home: Path, *more: str) -> list[str]:
    """Return the command line of a localcloud on any free port."""
    line = [sys.executable, "-m", "localcloud", "serve", "--home", str(home)]
    if "--node" not in more:
        line += ["--node", node()]
    if "--modules" not in more:
        line += ["--modules", str(modules())]
    if "--port" not in more:
        line += ["--port", "0"]
    return [*line, *more]


def descendants(pid: int) -> list[int]:
    """Return the processes that a process started, directly or not, as /proc tells."""
    parents: dict[int, int] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        parents[int(stat.parent.name)] = int(fields[1])
    found = [pid]
    for one in found:
        found += [child for child, parent in parents.items() if parent == one]
    return found[1:]


def alive(pid: int) -> bool:
    """Tell whether a process is there and not only waiting to be taken note of."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@dataclass
class LocalCloud:
    """One running localcloud."""

    home: Path
    process: subprocess.Popen[bytes]
    url: str
    smtp: str
    key: str
    secret: str
    cloudflare: httpx.Client = field(init=False)
    grafana: httpx.Client = field(init=False)
    control: httpx.Client = field(init=False)
    anybody: httpx.Client = field(init=False)

    def __post_init__(self) -> None:
        def client(path: str, token: str | None) -> httpx.Client:
            headers = {"authorization": f"Bearer {token}"} if token else {}
            return httpx.Client(
                base_url=self.url + path,
                headers=headers,
                timeout=60,
                verify=NO_CERTIFICATES,
                trust_env=False,
            )

        self.cloudflare = client("/client/v4", TOKEN)
        self.grafana = client("/grafana", "service-account-token")
        self.control = client("/_local", self.key)
        self.anybody = client("", None)

    def close(self) -> None:
        """Let go of the connections."""
        for client in (self.cloudflare, self.grafana, self.control, self.anybody):
            client.close()

    def stop(self) -> int:
        """End it as a shell would, and return its status."""
        self.close()
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        return self.process.wait(PATIENCE)

    def kill(self) -> None:
        """End it as the kernel would when memory runs out."""
        self.close()
        self.process.kill()
        self.process.wait(PATIENCE)

    def upload(
        self,
        script: str,
        code: str,
        bindings: list[dict[str, Any]] | None = None,
        *,
        account: str = ACCOUNT,
        **metadata: object,
    ) -> httpx.Response:
        """Upload a Worker of one module."""
        told = {
            "main_module": "main.js",
            "compatibility_date": "2026-06-01",
            "compatibility_flags": ["nodejs_compat"],
            "bindings": bindings or [],
            **metadata,
        }
        return self.cloudflare.put(
            f"/accounts/{account}/workers/scripts/{script}",
            files=[
                ("main.js", ("main.js", code, MODULE)),
                ("metadata", (None, json.dumps(told), "application/json")),
            ],
        )

    def namespace(self, title: str) -> str:
        """Make a KV namespace and return its id."""
        path = f"/accounts/{ACCOUNT}/storage/kv/namespaces"
        answer = self.cloudflare.post(path, json={"title": title})
        return str(result(answer)["id"])

    def schedule(self, script: str, *crons: str) -> None:
        """Set a Worker's crons."""
        path = f"/accounts/{ACCOUNT}/workers/scripts/{script}/schedules"
        result(self.cloudflare.put(path, json=[{"cron": cron} for cron in crons]))

    def tick(self, **how: object) -> list[dict[str, Any]]:
        """Run crons by hand."""
        answer = self.control.post("/tick", json=how)
        assert answer.status_code == 200, answer.text
        runs: list[dict[str, Any]] = answer.json()
        return runs

    def worker(self, script: str) -> dict[str, Any]:
        """Return what is told of a Worker."""
        told: list[dict[str, Any]] = self.control.get("/workers").json()
        return next(one for one in told if one["script"] == script)


def result(answer: httpx.Response) -> Any:
    """Return the result of a call to Cloudflare's API that has to have worked."""
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert told["success"] is True, told
    return told["result"]


def refusal(answer: httpx.Response) -> tuple[int, int]:
    """Return the status and Cloudflare's code of a call that has to have been refused."""
    told = answer.json()
    assert told["success"] is False, told
    return answer.status_code, told["errors"][0]["code"]


def start(home: Path, *more: str) -> LocalCloud:
    """Start a localcloud and wait for it to be ready."""
    discovery = home / "localcloud.json"
    discovery.unlink(missing_ok=True)
    home.mkdir(parents=True, exist_ok=True)
    with (home / "localcloud.log").open("ab") as log:
        process = subprocess.Popen(command(home, *more), cwd=ROOT, stderr=log)

    def ready() -> bool:
        if process.poll() is not None:
            said = (home / "localcloud.log").read_text()
            raise AssertionError(f"localcloud ended with {process.returncode}: {said}")
        return discovery.exists()

    wait_for(ready, "localcloud is ready")
    told = json.loads(discovery.read_text())
    return LocalCloud(
        home=home,
        process=process,
        url=told["url"],
        smtp=told["smtp"],
        key=told["key"],
        secret=told["secret"],
    )
