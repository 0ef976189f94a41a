"""Read the bytes of a file that somebody gave us, or say in one line why not."""

from __future__ import annotations

from pathlib import Path

from mmn_kg import errors


def read(path: Path, *, most: int, too_large: str) -> bytes:
    """
    Read a file of a bounded size.

    Args:
        path: The file.
        most: The largest size that is read, in bytes.
        too_large: What to do with a larger one, for the message.

    Returns:
        Its bytes, never blank.

    Raises:
        InputError: There is no such file, it is a folder, empty, too large or cannot be read.
    """
    if path.is_dir():
        raise errors.InputError(f"{path}: is a folder: name a file in it")
    try:
        with path.open("rb") as stream:
            data = stream.read(most + 1)
    except FileNotFoundError as error:
        raise errors.InputError(f"{path}: no such file") from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise errors.InputError(f"{path}: cannot be read: {reason}") from error
    if len(data) > most:
        raise errors.InputError(f"{path}: is larger than {most >> 20} MiB: {too_large}")
    if not data.strip():
        raise errors.InputError(f"{path}: is empty: there is nothing to read")
    return data
