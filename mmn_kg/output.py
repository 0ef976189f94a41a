"""Write files whole or not at all."""

from __future__ import annotations

import contextlib
import os
import tempfile
from pathlib import Path

from mmn_kg import errors


def write(path: Path, content: str | bytes) -> Path:
    """
    Write a file in one step: a failure, or Ctrl-C, leaves what was there before.

    Args:
        path: Where; missing folders are made.
        content: Text is written as UTF-8 with plain line feeds.

    Returns:
        The path.

    Raises:
        OutputError: It cannot be written there.
    """
    data = content.encode("utf-8") if isinstance(content, str) else content
    if path.is_dir():
        raise errors.OutputError(f"{path}: is a folder: name a file")
    temporary: str | None = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        mode = path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~_umask()
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
        Path(temporary).chmod(mode)
        Path(temporary).replace(path)
    except OSError as error:
        raise errors.OutputError(
            f"{path}: cannot be written: {error.strerror}: choose another place"
        ) from error
    finally:
        if temporary is not None:
            with contextlib.suppress(FileNotFoundError):
                Path(temporary).unlink()
    return path


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
