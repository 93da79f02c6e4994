"""Files that commands read and write: named, and written whole or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Any

import click

from cli.output import Failure


class NamedPath(click.Path):
    """A path that somebody named: an empty one, as of a variable without a value, is none."""

    def __init__(self, **kinds: bool) -> None:
        """Take what `click.Path` takes, and give a Path."""
        super().__init__(path_type=Path, **kinds)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Refuse an empty text, which would be the working directory."""
        if not str(value):
            self.fail("it is empty: write a path, or . for the working directory", param, ctx)
        return super().convert(value, param, ctx)


def write_whole(path: Path, text: str) -> None:
    """Replace a file's text in one step; a link stays a link, permissions stay as they are.

    Raises:
        Failure: the file system refuses; the file is as it was.

    """
    target = path.resolve()
    draft: Path | None = None
    try:
        with tempfile.NamedTemporaryFile(
            "w", encoding="utf-8", newline="", dir=target.parent, prefix=".belfry-", delete=False
        ) as stream:
            draft = Path(stream.name)
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        draft.chmod(_mode(target))
        draft.replace(target)
    except OSError as error:
        message = f"{path} cannot be written: {(error.strerror or str(error)).lower()}"
        raise Failure(message) from error
    finally:
        if draft is not None:
            draft.unlink(missing_ok=True)


def _mode(target: Path) -> int:
    """Give the permissions of a file, or those that a new one gets here."""
    if target.exists():
        return target.stat().st_mode & 0o7777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
