"""Where everything that Belfry makes on this machine lies: the state directory, by name."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
"""The checkout: the Pulumi project, its program and its stack files."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """The state directory, `$BELFRY_HOME` or `.belfry` in the checkout. Asking makes nothing."""

    path: Path
    root: Path = ROOT

    @property
    def bin(self) -> Path:
        """`pulumi`, `node` and the language host: what a shell needs on PATH for any stack."""
        return self.path / "bin"

    @property
    def shell(self) -> Path:
        """`pulumi` for a shell in which `env` was sourced: knows which stacks are localcloud's."""
        return self.path / "shell"

    @property
    def tools(self) -> Path:
        """Tools got for this checkout, a directory each."""
        return self.path / "tools"

    @property
    def standins(self) -> Path:
        """Provider plugins that stand in for the real ones; on PATH for localcloud stacks only."""
        return self.path / "standins"

    @property
    def cache(self) -> Path:
        """What can be derived again."""
        return self.path / "cache"

    @property
    def pulumi(self) -> Path:
        """PULUMI_HOME of localcloud stacks."""
        return self.path / "pulumi"

    @property
    def env(self) -> Path:
        """Shell file to `source`, after which plain `pulumi up -s local` works."""
        return self.path / "env"

    @property
    def local(self) -> Path:
        """Everything of the stack `local`: its cloud's store and log, its state."""
        return self.path / "local"

    @property
    def discovery(self) -> Path:
        """Where the running localcloud says its address and key."""
        return self.local / "localcloud.json"

    @property
    def log(self) -> Path:
        """What localcloud wrote since it was started."""
        return self.local / "localcloud.log"

    @property
    def state(self) -> Path:
        """Pulumi's file backend of localcloud stacks."""
        return self.local / "state"

    @property
    def modules(self) -> Path:
        """The directory that holds node_modules."""
        return self.tools / "node"


def find_home(root: Path = ROOT) -> Home:
    """The state directory that the environment names, else the checkout's own."""
    named = os.environ.get("BELFRY_HOME")
    return Home(path=Path(named).resolve() if named else root / ".belfry", root=root)
