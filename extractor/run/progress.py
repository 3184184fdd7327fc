"""Where a run stands, and what it did."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from extractor.run.core import FACTS


@dataclass
class Progress:
    """Where the run stands."""

    records: int = 0
    papers: int = 0
    rejects: int = 0
    duplicates: int = 0
    facts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(FACTS, 0))
    reasons: Counter[str] = field(default_factory=Counter)

    def add(self, entry: dict[str, Any]) -> None:
        """Count a finished shard."""
        counts = entry["counts"]
        self.records += counts["records"]
        self.rejects += counts["rejects"]
        self.duplicates += entry["duplicates"]
        self.papers += counts["records"] - counts["rejects"]
        self.reasons.update(counts["reasons"])
        for name in FACTS:
            self.facts[name] += counts[name]


@dataclass(frozen=True)
class Summary:
    """What a finished run did; ``seconds`` are those of this attempt."""

    out: Path
    progress: Progress
    seconds: float
    attempts: int
    already_finished: bool = False

    @property
    def papers_per_second(self) -> float:
        """Papers read per second of this attempt."""
        return self.progress.papers / self.seconds if self.seconds else 0.0
