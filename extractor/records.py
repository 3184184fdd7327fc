"""The records: the one source of truth for every table.

Arrow schema, CSV header, JSON Schema and the data dictionary are derived from the classes below. A record checks
itself; an :class:`Extraction` also checks that each quote is exactly the text at its offsets.
"""

from __future__ import annotations

import math
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

Kind = Literal["value", "change", "ratio", "share"]
Direction = Literal["increase", "decrease"]
Qualifier = Literal["exact", "approx", "up_to", "at_least", "at_most"]
Target = Literal[
    "weights", "activations", "kv_cache", "keys", "values", "gradients", "optimizer_states", "inputs", "model"
]
NumberFormat = Literal["int", "float"]
ProposalType = Literal["model", "method", "dataset", "library", "metric"]
LinkKind = Literal["github", "gitlab", "huggingface", "project_page", "other"]
Code = Literal["linked", "released", "promised", "none"]
FieldName = Literal["title", "abstract"]


def _finite(number: float) -> float:
    if not math.isfinite(number):
        raise ValueError(f"not a finite number: {number!r}")
    return number


Finite = Annotated[float, AfterValidator(_finite)]
Confidence = Annotated[float, Field(ge=0, le=1, description="how sure the pass is, calibrated, 0 to 1")]


class Record(BaseModel):
    """Base of all records: frozen, no unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Span(Record):
    """Where in the paper the evidence stands."""

    field: FieldName = Field(description="the field that holds the evidence: title or abstract")
    start: int = Field(
        ge=0, description="first character of the evidence in that field", json_schema_extra={"unit": "characters"}
    )
    end: int = Field(
        ge=0,
        description="character behind the evidence in that field (half-open)",
        json_schema_extra={"unit": "characters"},
    )

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.end <= self.start:
            raise ValueError(f"empty span {self.start}:{self.end}")
        return self


class Result(Record):
    """A measured outcome with a number (GUIDELINES section 1)."""

    TABLE: ClassVar[str] = "results"
    metric: str = Field(description="id of the metric (rules/metrics)")
    metric_text: str | None = Field(description="the words that name the metric")
    kind: Kind = Field(description="value, change, ratio or share")
    value: Finite = Field(description="the number; the low end of a range")
    value_high: Finite | None = Field(default=None, description="the high end of a range")
    from_value: Finite | None = Field(default=None, description="A of 'from A to B'")
    unit: str | None = Field(default=None, description="%, x, points, or the unit as written")
    direction: Direction | None = Field(default=None, description="increase or decrease of the metric's value")
    qualifier: Qualifier = Field(default="exact", description="exact, approx, up_to, at_least or at_most")
    dataset: str | None = Field(default=None, description="what the number was measured on")
    system: str | None = Field(default=None, description="whose result it is; 'ours' for a proposal without a name")
    baseline: str | None = Field(default=None, description="what a change, ratio or share is measured against")
    quote: str = Field(min_length=1, description="the shortest substring that holds number and metric")
    field: FieldName = Field(description="the field that holds the quote: title or abstract")
    start: int = Field(
        ge=0, description="first character of the quote in that field", json_schema_extra={"unit": "characters"}
    )
    end: int = Field(
        ge=0, description="character behind the quote (half-open)", json_schema_extra={"unit": "characters"}
    )
    rule: str = Field(description="the rule or model that found it")
    confidence: Confidence
    stated_change_ok: bool | None = Field(
        default=None,
        description="whether a from-to pair and a stated change of the metric agree up to rounding; null if unchecked",
    )

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if (self.direction is not None) != (self.kind in ("change", "ratio")):
            raise ValueError(f"direction {self.direction!r} does not go with kind {self.kind!r}")
        if self.value_high is not None and self.value_high < self.value:
            raise ValueError(f"range {self.value} to {self.value_high} is upside down")
        return self


class BitWidth(Record):
    """A numeric precision in bits (GUIDELINES section 2)."""

    TABLE: ClassVar[str] = "bit_widths"
    bits: Finite = Field(gt=0, description="the width; the low end of a range", json_schema_extra={"unit": "bits"})
    bits_high: Finite | None = Field(
        default=None, description="the high end of a range", json_schema_extra={"unit": "bits"}
    )
    target: Target = Field(description="what is stored, sent or computed at this width")
    format: NumberFormat | None = Field(default=None, description="int or float, if said")
    quote: str = Field(min_length=1, description="exact substring")
    field: FieldName = Field(description="the field that holds the quote: title or abstract")
    start: int = Field(
        ge=0, description="first character of the quote in that field", json_schema_extra={"unit": "characters"}
    )
    end: int = Field(
        ge=0, description="character behind the quote (half-open)", json_schema_extra={"unit": "characters"}
    )
    rule: str = Field(description="the rule that found it")
    confidence: Confidence


class Model(Span):
    """A proper name of a model, model family or architecture (GUIDELINES section 3)."""

    TABLE: ClassVar[str] = "models"
    name: str = Field(min_length=1, description="as written")
    canonical: str = Field(min_length=1, description="one spelling per model across the corpus")
    family: str | None = Field(default=None, description="model family")
    parameters: Finite | None = Field(
        default=None, gt=0, description="size, if the text gives it", json_schema_extra={"unit": "parameters"}
    )
    proposed: bool = Field(default=False, description="whether this paper introduces it")
    rule: str = Field(description="the rule or model that found it")
    confidence: Confidence


class Dataset(Span):
    """A proper name of a data set, corpus, benchmark or challenge (GUIDELINES section 4)."""

    TABLE: ClassVar[str] = "datasets"
    name: str = Field(min_length=1, description="as written")
    canonical: str = Field(min_length=1, description="one spelling per data set across the corpus")
    proposed: bool = Field(default=False, description="whether this paper introduces it")
    rule: str = Field(description="the rule or model that found it")
    confidence: Confidence


class Proposed(Span):
    """What the paper introduces under a name (GUIDELINES section 5)."""

    TABLE: ClassVar[str] = "proposed"
    name: str = Field(min_length=1, description="the short name, as written")
    long_name: str | None = Field(default=None, description="its expansion, if the text gives one")
    type: ProposalType = Field(description="model, method, dataset, library or metric")
    rule: str = Field(description="the rule or model that found it")
    confidence: Confidence


class Link(Record):
    """A URL of the text, repaired (GUIDELINES section 6)."""

    TABLE: ClassVar[str] = "links"
    url: str = Field(min_length=1, description="the repaired address, with scheme")
    kind: LinkKind = Field(description="what the address leads to")
    owner: str | None = Field(default=None, description="account or organisation on the host")
    repo: str | None = Field(default=None, description="repository name, without .git, path or fragment")
    quote: str = Field(min_length=1, description="the address as it stood in the text")
    field: FieldName = Field(description="the field that holds the quote: title or abstract")
    start: int = Field(
        ge=0, description="first character of the quote in that field", json_schema_extra={"unit": "characters"}
    )
    end: int = Field(
        ge=0, description="character behind the quote (half-open)", json_schema_extra={"unit": "characters"}
    )


class Task(Record):
    """What the paper works on (GUIDELINES section 7)."""

    TABLE: ClassVar[str] = "tasks"
    task: str = Field(description="id of the task (rules/tasks)")
    rank: int = Field(ge=1, description="1 = most central")
    score: Finite = Field(description="weight of the evidence")
    rule: str = Field(description="the rule or model that found it")


class Paper(Record):
    """One paper as a source gives it; the input of :func:`extractor.extract`."""

    TABLE: ClassVar[str] = "papers"
    paper_id: str = Field(min_length=1, description="globally valid id with its scheme, or sha1: of title and abstract")
    title: str = Field(description="as the format encodes it")
    abstract: str = Field(description="as the format encodes it")
    source: str | None = Field(default=None, description="file")
    position: int | None = Field(default=None, ge=1, description="line or record number in the file, from 1")
    year: int | None = Field(default=None, description="year of publication, if the source gives it")


class Reject(Record):
    """A record that could not be read or extracted, with the reason."""

    TABLE: ClassVar[str] = "rejects"
    source: str = Field(description="file")
    position: int | None = Field(default=None, description="line or record number in the file, from 1")
    reason: str = Field(description="why it was set aside")
    raw: str = Field(description="the first 2,000 characters of what could not be read")


class Extraction(Record):
    """All facts of one paper."""

    paper: Paper
    code: Code = Field(default="none", description="availability of the code: linked, released, promised or none")
    warnings: str | None = Field(default=None, description="what was not read of the paper, and why")
    language: str | None = Field(default=None, description="ISO 639-1 code of the text's language, if it can be told")
    results: tuple[Result, ...] = ()
    bit_widths: tuple[BitWidth, ...] = ()
    models: tuple[Model, ...] = ()
    datasets: tuple[Dataset, ...] = ()
    proposed: tuple[Proposed, ...] = ()
    links: tuple[Link, ...] = ()
    tasks: tuple[Task, ...] = ()

    @model_validator(mode="after")
    def _quotes_match(self) -> Self:
        rows: tuple[Any, ...] = (
            *self.results, *self.bit_widths, *self.links, *self.models, *self.datasets, *self.proposed,
        )  # fmt: skip
        for row in rows:
            text = self.paper.title if row.field == "title" else self.paper.abstract
            found = text[row.start : row.end]
            if not found or len(found) != row.end - row.start:
                raise ValueError(f"{row.TABLE}: span {row.start}:{row.end} lies outside the {row.field}")
            if getattr(row, "quote", found) != found:
                raise ValueError(
                    f"{row.TABLE}: quote {row.quote!r} is not the text at {row.start}:{row.end}, {found!r}"
                )
        return self

    def to_dict(self) -> dict[str, Any]:
        """Return the extraction as plain nested dictionaries and lists."""
        return self.model_dump(mode="json")


FACT_TABLES: tuple[type[Record], ...] = (Result, BitWidth, Model, Dataset, Proposed, Link, Task)
