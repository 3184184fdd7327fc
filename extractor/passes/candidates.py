"""What passes hand on: spans of ``Document.text`` with their reading, not yet validated."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from extractor.records import Code, Direction, Kind, LinkKind, NumberFormat, ProposalType, Qualifier, Target


@dataclass(slots=True)
class NameCandidate:
    """A name that one labeler proposes; ``kind`` says what it would be."""

    kind: Literal["model", "dataset", "proposed"]
    start: int
    end: int
    name: str
    rule: str
    confidence: float
    canonical: str = ""
    family: str | None = None
    parameters: float | None = None
    proposed: bool = False
    long_name: str | None = None
    type: ProposalType | None = None


@dataclass(slots=True)
class Names:
    """The names of a paper after resolution: at most one candidate per kind and distinct name."""

    models: list[NameCandidate] = field(default_factory=list)
    datasets: list[NameCandidate] = field(default_factory=list)
    proposed: list[NameCandidate] = field(default_factory=list)


@dataclass(slots=True)
class BitWidthCandidate:
    """A numeric precision."""

    start: int
    end: int
    bits: float
    bits_high: float | None
    target: Target
    format: NumberFormat | None
    rule: str
    confidence: float


@dataclass(slots=True)
class LinkCandidate:
    """A URL."""

    start: int
    end: int
    url: str
    kind: LinkKind
    owner: str | None
    repo: str | None


@dataclass(slots=True)
class TaskCandidate:
    """A task id with its rank, 1 = most central."""

    task: str
    rank: int
    score: float
    rule: str


@dataclass(slots=True)
class ResultCandidate:
    """A result; fields as in :class:`extractor.records.Result`."""

    start: int
    end: int
    metric: str
    metric_text: str | None
    kind: Kind
    value: float
    value_high: float | None
    from_value: float | None
    unit: str | None
    direction: Direction | None
    qualifier: Qualifier
    dataset: str | None
    system: str | None
    baseline: str | None
    rule: str
    confidence: float


@dataclass(slots=True)
class CodeCandidate:
    """Availability of the code and the span that says it (None for ``none``)."""

    code: Code
    start: int | None = None
    end: int | None = None
