"""Facts out of machine-learning titles and abstracts.

``extract(title=…, abstract=…)`` gives the facts of one paper, ``load(OUT)`` the tables of a finished run as pandas data
frames. Everything is imported at its first use.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from extractor.api import extract
    from extractor.pipeline import Extractor
    from extractor.records import (
        BitWidth,
        Dataset,
        Extraction,
        Link,
        Model,
        Paper,
        Proposed,
        Reject,
        Result,
        Task,
    )
    from extractor.rulebook import RuleError, RuleSet, load_rules
    from extractor.run.engine import RunAborted, RunInterrupted
    from extractor.run.options import RunOptions, UsageError
    from extractor.tables import Tables, load

__version__ = "0.1.0"

_HOME = {
    "extractor.api": ("extract",),
    "extractor.pipeline": ("Extractor",),
    "extractor.records": (
        "BitWidth", "Dataset", "Extraction", "Link", "Model", "Paper", "Proposed", "Reject", "Result", "Task",
    ),
    "extractor.rulebook": ("RuleError", "RuleSet", "load_rules"),
    "extractor.run.engine": ("RunAborted", "RunInterrupted"),
    "extractor.run.options": ("RunOptions", "UsageError"),
    "extractor.tables": ("Tables", "load"),
}  # fmt: skip
_MODULES = {name: module for module, names in _HOME.items() for name in names}

__all__ = [
    "BitWidth",
    "Dataset",
    "Extraction",
    "Extractor",
    "Link",
    "Model",
    "Paper",
    "Proposed",
    "Reject",
    "Result",
    "RuleError",
    "RuleSet",
    "RunAborted",
    "RunInterrupted",
    "RunOptions",
    "Tables",
    "Task",
    "UsageError",
    "__version__",
    "extract",
    "load",
    "load_rules",
]


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(_MODULES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__
