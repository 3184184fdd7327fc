"""Which sections the rule book has: the name of a file (or folder) under ``rules/`` and the shape of its rules.

``rules/<section>.toml`` and ``rules/<section>/*.toml`` hold arrays of ``[[rule]]`` tables of that shape.
"""

from __future__ import annotations

from extractor.rulebook.availability import AvailabilityRule
from extractor.rulebook.base import Rule
from extractor.rulebook.bit_widths import BitWidthRule
from extractor.rulebook.cues import CueRule
from extractor.rulebook.hosts import HostRule
from extractor.rulebook.languages import LanguageRule
from extractor.rulebook.metrics import MetricRule
from extractor.rulebook.names import DatasetRule, ModelRule, ProposedRule
from extractor.rulebook.number_words import NumberWordRule
from extractor.rulebook.qualifiers import QualifierRule
from extractor.rulebook.reasons import ReasonRule
from extractor.rulebook.tasks import TaskRule
from extractor.rulebook.units import UnitRule

SECTIONS: dict[str, type[Rule]] = {
    "bit_widths": BitWidthRule,
    "code": AvailabilityRule,
    "cues": CueRule,
    "datasets": DatasetRule,
    "hosts": HostRule,
    "languages": LanguageRule,
    "metrics": MetricRule,
    "models": ModelRule,
    "number_words": NumberWordRule,
    "proposed": ProposedRule,
    "qualifiers": QualifierRule,
    "reasons": ReasonRule,
    "tasks": TaskRule,
    "units": UnitRule,
}
