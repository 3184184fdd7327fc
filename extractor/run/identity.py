"""What a run is bound to: its inputs, rules, model and options; and where it ran."""

from __future__ import annotations

import hashlib
import platform
import stat
from collections.abc import Sequence
from dataclasses import dataclass, field
from importlib import metadata
from pathlib import Path
from typing import Any, BinaryIO

from extractor import __version__
from extractor.sources.stream import raw_text

_PACKAGES = ("numpy", "pyarrow", "pydantic", "spacy", "orjson", "ahocorasick-rs")


class MismatchError(ValueError):
    """A run that is not the one to be resumed."""

    @classmethod
    def check(cls, before: dict[str, Any], now: dict[str, Any]) -> None:
        """Raise if the runs differ in what binds them, and say in what."""
        if different := [
            key for key in ("version", "inputs", "rules", "model", "options") if before.get(key) != now[key]
        ]:
            raise cls(f"the run cannot be resumed: {', '.join(different)} changed since it began; --force starts anew")


@dataclass
class Input:
    """An input file; size in bytes. Standard input is hashed while it is read."""

    file: str
    size: int | None
    sha256: str | None
    _stream: _HashedInput | None = field(default=None, repr=False)

    def hashing(self, stream: BinaryIO) -> BinaryIO:
        """Return ``stream`` so that what is read of it is counted and hashed."""
        self._stream = _HashedInput(stream)
        return self._stream  # type: ignore[return-value]

    def changed(self) -> bool:
        """Tell whether the file has another size than when it was hashed, or is gone."""
        path = Path(self.file)
        return self.size is not None and (not path.exists() or path.stat().st_size != self.size)

    def describe(self) -> dict[str, Any]:
        """Return file, size and hash as far as they are known."""
        name = raw_text(self.file)
        if self._stream is not None:
            return {"file": name, "size": self._stream.size, "sha256": self._stream.digest.hexdigest()}
        return {"file": name, "size": self.size, "sha256": self.sha256}


class _HashedInput:
    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.digest = hashlib.sha256()
        self.size = 0

    def read(self, size: int = -1) -> bytes:
        piece = self._stream.read(size)
        self.digest.update(piece)
        self.size += len(piece)
        return piece


def hash_input(file: str) -> Input:
    """Return size and sha256 of a file; of what is no regular file neither is known before it is read.

    Raises:
        OSError: the file cannot be read.
    """
    if file == "-":
        return Input(file, None, None)
    status = Path(file).stat()
    if not stat.S_ISREG(status.st_mode):
        return Input(file, None, None)
    with Path(file).open("rb") as opened:
        return Input(file, status.st_size, hashlib.file_digest(opened, "sha256").hexdigest())


def model_hash() -> str:
    """Return a sha256 over the files of the trained model."""
    folder = Path(__file__).parent.parent / "model"
    digest = hashlib.sha256()
    for path in sorted(p for p in folder.rglob("*") if p.is_file() and p.suffix not in (".py", ".pyc", ".typed")):
        digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def describe_run(inputs: Sequence[Input], rules: str, model: str, options: dict[str, Any]) -> dict[str, Any]:
    """Return what binds a run."""
    return {
        "version": __version__,
        "inputs": [i.describe() for i in inputs],
        "rules": rules,
        "model": model,
        "options": options,
    }


def environment() -> dict[str, Any]:
    """Return the versions of Python, the system and the packages that count."""
    packages = {}
    for name in _PACKAGES:
        try:
            packages[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return {"python": platform.python_version(), "platform": platform.platform(), "packages": packages}
