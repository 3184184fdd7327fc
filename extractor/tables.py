"""The tables of a finished run as pandas data frames."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from extractor.schema import TABLES
from extractor.verbs import Verbs

if TYPE_CHECKING:
    import pandas as pd


class Tables(Verbs, Mapping[str, "pd.DataFrame"]):
    """The tables of one output folder, read at their first use: ``t.results``, ``t["results"]``.

    Text is pandas ``string``, whole numbers ``Int64``, flags ``boolean``, measures ``float64``; no column is of Python objects.
    """

    def __init__(self, folder: Path) -> None:
        """Take a folder; :func:`load` checks that it holds tables."""
        self.folder = folder
        self._frames: dict[str, pd.DataFrame] = {}

    def __getitem__(self, name: str) -> pd.DataFrame:
        """Return a table.

        Raises:
            KeyError: there is no table of this name.
        """
        if name not in TABLES:
            raise KeyError(f"no table {name!r}; tables are {', '.join(TABLES)}")
        if name not in self._frames:
            self._frames[name] = _read(self.folder, name)
        return self._frames[name]

    def __getattr__(self, name: str) -> pd.DataFrame:
        if name in TABLES:
            return self[name]
        raise AttributeError(f"no table {name!r}; tables are {', '.join(TABLES)}")

    def __iter__(self) -> Iterator[str]:
        return iter(TABLES)

    def __len__(self) -> int:
        return len(TABLES)

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *TABLES]

    def __repr__(self) -> str:
        return f"Tables({str(self.folder)!r})"

    @cached_property
    def run(self) -> dict[str, Any]:
        """What ``run.json`` says: inputs, versions, options, counts, seconds."""
        value: dict[str, Any] = json.loads((self.folder / "run.json").read_text(encoding="utf-8"))
        return value


def load(folder: str | Path) -> Tables:
    """Return the tables that a run wrote to ``folder``.

    Raises:
        FileNotFoundError: the folder holds no tables, or those of an unfinished run.
    """
    folder = Path(folder)
    if not any((folder / name).exists() for name in ("papers.parquet", "papers")):
        unfinished = (
            "an unfinished run: finish it with --resume" if (folder / ".run").is_dir() else "no tables of a run"
        )
        raise FileNotFoundError(f"{folder} holds {unfinished}")
    return Tables(folder)


def table_path(folder: Path, name: str) -> Path:
    """Return where a table stands: one Parquet file, or a folder of parts."""
    single = folder / f"{name}.parquet"
    return single if single.exists() else folder / name


def _read(folder: Path, name: str) -> pd.DataFrame:
    import pandas as pd
    import pyarrow as pa
    import pyarrow.parquet as pq

    types = {pa.string(): pd.StringDtype("pyarrow"), pa.int64(): pd.Int64Dtype(), pa.bool_(): pd.BooleanDtype()}
    frame: pd.DataFrame = pq.read_table(table_path(folder, name)).to_pandas(types_mapper=types.get)
    return frame
