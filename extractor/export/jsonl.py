"""One nested record a paper, as JSON lines; :class:`extractor.Extraction` reads them back."""

from __future__ import annotations

from pathlib import Path
from typing import Any, BinaryIO

import pyarrow as pa

from extractor.records import Extraction, Paper
from extractor.run.finished import FinishedRun


def write_jsonl(folder: Path, file: BinaryIO) -> int:
    """Write the papers of a run with their facts to ``file`` and return how many there are.

    Raises:
        TablesError: the tables cannot be read.
    """
    import orjson

    papers = 0
    for batch in FinishedRun(folder).papers():
        for row in _rows(batch):
            file.write(orjson.dumps(row) + b"\n")
            papers += 1
    return papers


def _rows(batch: pa.RecordBatch) -> list[dict[str, Any]]:
    """Return the papers of a batch in the shape of an extraction."""
    rows = []
    for row in batch.to_pylist():
        paper = {name: row[name] for name in Paper.model_fields}
        rows.append({"paper": paper, **{name: row[name] for name in Extraction.model_fields if name != "paper"}})
    return rows
