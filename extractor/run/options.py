"""What a run is asked to do."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ENGINES = ("local", "ray")


class UsageError(ValueError):
    """Options that do not go together, inputs that are not there, an output folder that is taken."""


@dataclass(frozen=True)
class RunOptions:
    """What to run.

    Args:
        inputs: files, folders, globs, ``-``.
        out: the folder of the tables.
        format: one of ``extractor.sources.FORMATS``; told by content if None.
        fields: paths of fields that have unusual names (``{"title": "name"}``).
        limit: papers in all.
        jobs: worker processes, one a core if None.
        rules: folders of rules on top of the shipped ones.
        ner: whether the trained pass runs.
        force: replace the tables of an earlier run.
        resume: go on with an unfinished run.
        max_errors: abort with more rejects than this (duplicates apart): a number, or a share as ``"5%"``.
        safe_csv: defuse formulas in CSV cells.
        paper_seconds: the last resort against a paper that hangs.
        factory: ``module:function`` that makes the extractor of a worker, called with ``rules`` and ``ner``.
        engine: one of ``ENGINES``.
        ray_address: the Ray cluster to run on, a Ray of this machine if None.
    """

    inputs: tuple[str, ...]
    out: Path
    format: str | None = None
    fields: dict[str, str] = field(default_factory=dict)
    limit: int | None = None
    jobs: int | None = 1
    rules: tuple[str, ...] = ()
    ner: bool = True
    force: bool = False
    resume: bool = False
    max_errors: str | None = None
    safe_csv: bool = True
    paper_seconds: float = 60.0
    factory: str = "extractor.run.worker:default_extractor"
    engine: str = "local"
    ray_address: str | None = None

    def binding(self) -> dict[str, Any]:
        """Return the options that a resumed run must share with its beginning."""
        names = ("format", "fields", "limit", "ner", "safe_csv", "paper_seconds", "factory", "engine")
        return {name: getattr(self, name) for name in names}


def parse_max_errors(given: str | None) -> tuple[float, bool] | None:
    """Return the limit and whether it is a share in percent.

    Raises:
        UsageError: it is neither a number nor a share.
    """
    if given is None:
        return None
    percent = given.strip().endswith("%")
    try:
        number = float(given.strip().removesuffix("%")) if percent else int(given)
    except ValueError:
        raise UsageError(f"max-errors is a number or a share like 5%, not {given!r}") from None
    if number < 0 or (percent and number > 100):
        raise UsageError(f"max-errors {given} is out of range")
    return number, percent
