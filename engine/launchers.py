"""Small scripts through which Pulumi finds what is ours: the language host and the stand-ins."""

from __future__ import annotations

import os
import shlex
import sys
from typing import TYPE_CHECKING

from engine.paths import ROOT

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from engine.paths import Home

STANDINS = ("cloudflare", "grafana")


def write_language_host(home: Home) -> None:
    """Put `pulumi-language-python` beside `pulumi`."""
    _write(home.bin / "pulumi-language-python", _script("engine.language_host"))


def remove_language_host(home: Home) -> None:
    """Take ours away, because this Pulumi brings its own."""
    (home.bin / "pulumi-language-python").unlink(missing_ok=True)


def write_standins(home: Home) -> None:
    """Put a provider plugin for each of STANDINS into the stand-ins' own directory."""
    for name in STANDINS:
        script = _script("engine.standins", name, "--cache", str(home.cache))
        _write(home.standins / f"pulumi-resource-{name}", script)


def write_shell_pulumi(home: Home, settings: Mapping[str, str]) -> None:
    """Put a `pulumi` for shells that takes these settings for localcloud stacks alone.

    The passphrase and the backend of localcloud never reach another stack: its secrets would be
    encrypted with a word that everybody knows, and its state would lie in a folder that is cleared.
    """
    exports = "".join(f"  export {name}={shlex.quote(value)}\n" for name, value in settings.items())
    root = shlex.quote(str(home.root))
    text = (
        "#!/bin/sh\n"
        "stack=; named=\n"
        'for argument in "$@"; do\n'
        '  if [ -n "$named" ]; then stack=$argument; named=; continue; fi\n'
        '  case "$argument" in\n'
        "    -s|--stack) named=yes ;;\n"
        "    -s=*|--stack=*) stack=${argument#*=} ;;\n"
        "  esac\n"
        "done\n"
        "localcloud='^[^#]*belfry:localcloud\"*: *\"*true'\n"
        f'if [ -n "$stack" ] && grep -qs "$localcloud" {root}/"Pulumi.$stack.yaml"; then\n'
        f"{exports}"
        "fi\n"
        f'exec {shlex.quote(str(home.bin / "pulumi"))} "$@"\n'
    )
    _write(home.shell / "pulumi", text)


def _script(*arguments: str) -> str:
    command = shlex.join([sys.executable, "-m", *arguments])
    root = shlex.quote(str(ROOT))
    return (
        "#!/bin/sh\n"
        f'PYTHONPATH={root}"${{PYTHONPATH:+:$PYTHONPATH}}"\n'
        "export PYTHONPATH\n"
        f'exec {command} "$@"\n'
    )


def _write(path: Path, text: str) -> None:
    if path.is_file() and path.read_text(encoding="utf-8") == text:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.write_text(text, encoding="utf-8")
    draft.chmod(0o755)
    draft.replace(path)
