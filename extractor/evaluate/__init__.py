"""How good the tables are: against labelled papers (:func:`evaluate`), and against another run (:func:`changes`)."""

from extractor.evaluate.breakdown import by_group, by_slot
from extractor.evaluate.changes import Change, changes
from extractor.evaluate.load import Facts, LoadError, as_facts, load, load_gold, load_tables
from extractor.evaluate.scores import Counts, Evaluation, Miss, evaluate

__all__ = [
    "Change",
    "Counts",
    "Evaluation",
    "Facts",
    "LoadError",
    "Miss",
    "as_facts",
    "by_group",
    "by_slot",
    "changes",
    "evaluate",
    "load",
    "load_gold",
    "load_tables",
]
