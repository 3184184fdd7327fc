"""The example rules that ``extractor init-rules`` writes: the TOML files of this folder."""

from __future__ import annotations

from pathlib import Path


def write_example(folder: Path) -> list[Path]:
    """Copy the example rules into ``folder`` and return the files written.

    Raises:
        OSError: the folder holds something, or cannot be written.
    """
    if folder.is_dir() and any(folder.iterdir()):
        raise FileExistsError(0, "is not empty; give a new folder, so that nothing is overwritten", str(folder))
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for path in sorted(Path(__file__).parent.glob("*.toml")):
        target = folder / path.name
        target.write_bytes(path.read_bytes())
        written.append(target)
    return written
