"""The secrets of one stack: in its file, encrypted by Pulumi with the owner's own key.

A value goes to Pulumi and comes from it through a pipe: never as an argument, in a variable or in a
file of ours, and never into a message. Pulumi writes a copy of the stack's file, which then takes
the file's place: whatever interrupts it, the file is the old one or the new one.
"""

from __future__ import annotations

import fcntl
import json
import shutil
from contextlib import contextmanager
from enum import StrEnum
from typing import TYPE_CHECKING

import yaml

from engine.errors import EngineError
from engine.pulumi import Stack
from engine.stacks import PROJECT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from engine.paths import Home
    from engine.stacks import StackFile

KEY = f"{PROJECT}:secrets"
"""Where they are in a stack's config: a table, by name."""

_REASONS: tuple[tuple[str, str], ...] = (
    (
        "no stack named",
        "the stack {stack} is in no state backend yet: `pulumi stack init {stack}` makes it",
    ),
    (
        "incorrect passphrase",
        "the passphrase at hand is not the one of {file}: set PULUMI_CONFIG_PASSPHRASE_FILE",
    ),
    (
        "passphrase must be set",
        "Pulumi needs the passphrase of {file}: set PULUMI_CONFIG_PASSPHRASE_FILE",
    ),
    (
        "must be set for login",
        "Pulumi does not know your state backend: `pulumi login`, or set PULUMI_BACKEND_URL",
    ),
    ("could not decrypt", "a value in {file} cannot be decrypted: set its secrets again"),
    ("message authentication failed", "a value in {file} was changed: set its secrets again"),
)
"""What Pulumi's messages say, and what they mean here."""


class Held(StrEnum):
    """How a secret stands in a stack's file."""

    ENCRYPTED = "encrypted"
    CLEAR = "clear"


class StackSecrets:
    """Lists, reads, sets and takes back the secrets of one stack."""

    def __init__(self, home: Home, file: StackFile) -> None:
        self._home = home
        self._stack = Stack(home, file)
        self._name = file.name

    @property
    def path(self) -> Path:
        """The stack's file."""
        return self._home.root / f"Pulumi.{self._name}.yaml"

    def held(self) -> Mapping[str, Held]:
        """Tell which secrets the stack's file has; nothing is decrypted.

        Raises:
            EngineError: they are not a table of names.

        """
        told = yaml.safe_load(self.path.read_text(encoding="utf-8")) or {}
        secrets = (told.get("config") or {}).get(KEY) or {}
        if not isinstance(secrets, dict) or isinstance(secrets.get("secure"), str):
            raise EngineError(
                f"{self.path.name} keeps {KEY} as one text, not as a table: remove that line, and "
                "set each secret by its name"
            )
        return {str(name): _held(entry) for name, entry in secrets.items()}

    def values(self) -> Mapping[str, str]:
        """Decrypt all of them.

        Raises:
            EngineError: Pulumi is missing, has no such stack, or cannot decrypt.

        """
        if not self.held():
            return {}
        told = self._pulumi("config", "--show-secrets", "--json", "--stack", self._name)
        try:
            values = json.loads(json.loads(told)[KEY]["value"])
        except (ValueError, KeyError, TypeError):
            values = None
        if not isinstance(values, dict):
            raise EngineError(f"{self.path.name}: {KEY} is not a table of names and texts")
        return {name: one for name, one in values.items() if isinstance(one, str)}

    def put(self, name: str, value: str) -> None:
        """Encrypt a value and keep it, in place of an older one.

        Args:
            name: lower-case letters, digits and hyphens, which need no quotation in a path.
            value: line breaks at its end are left out.

        Raises:
            EngineError: Pulumi is missing, has no such stack, or cannot encrypt.

        """
        self._write("set", "--secret", "--path", f"{KEY}.{name}", given=value)

    def remove(self, name: str) -> None:
        """Take a secret out of the stack's file.

        Raises:
            EngineError: Pulumi is missing or has no such stack.

        """
        self._write("rm", "--path", f"{KEY}.{name}")

    def _write(self, *arguments: str, given: str | None = None) -> None:
        with self._alone():
            target = self.path.resolve()
            before = target.read_bytes()
            # Pulumi tells YAML by the ending; `Pulumi.*.yaml` must not match it.
            draft = target.with_name(f".{target.stem}.draft.yaml")
            try:
                shutil.copy2(target, draft)
                options = ("--stack", self._name, "--config-file", str(draft))
                self._pulumi("config", *arguments, *options, given=given)
                if target.read_bytes() != before:
                    raise EngineError(
                        f"{target.name} was changed by somebody else meanwhile: nothing was "
                        "written; say it again"
                    )
                draft.replace(target)
            finally:
                draft.unlink(missing_ok=True)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Wait until no other command of ours writes a stack's file."""
        self._home.cache.mkdir(parents=True, exist_ok=True)
        with (self._home.cache / "stack-files.lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _pulumi(self, *arguments: str, given: str | None = None) -> str:
        try:
            return self._stack.run(*arguments, given=given)
        except EngineError as error:
            told = str(error)
        for part, meaning in _REASONS:
            if part in told:
                raise EngineError(meaning.format(stack=self._name, file=self.path.name))
        raise EngineError(told.replace(given, "[secret]") if given else told)


def _held(entry: object) -> Held:
    encrypted = isinstance(entry, dict) and isinstance(entry.get("secure"), str)
    return Held.ENCRYPTED if encrypted else Held.CLEAR
