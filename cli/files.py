"""Files that commands write: whole or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from cli.output import Failure


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
