"""The core under Spark: the Python of docs/scale.md runs and gives the rows of the local engine."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import sys
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from extractor.run.engine import run
from extractor.run.options import RunOptions
from extractor.schema import TABLES
from tests.shared_data import ROOT

JAVA = shutil.which("java") or ("JAVA_HOME" in os.environ)


@pytest.mark.skipif(importlib.util.find_spec("pyspark") is None, reason="pyspark is not installed (extra: spark)")
@pytest.mark.skipif(not JAVA, reason="Spark needs Java")
def test_spark_gives_the_rows_of_the_local_engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run(RunOptions((str(ROOT / "fixtures" / "sample.*"),), tmp_path / "local"))
    (block,) = re.findall(r"<!-- spark -->\n```python\n(.*?)```", (ROOT / "docs" / "scale.md").read_text(), re.DOTALL)
    monkeypatch.chdir(tmp_path)
    shutil.copy(tmp_path / "local" / "papers.parquet", "papers.parquet")
    monkeypatch.setenv("PYSPARK_PYTHON", sys.executable)
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")]))
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false")
    spark = builder.config("spark.driver.host", "127.0.0.1").config("spark.sql.shuffle.partitions", "2").getOrCreate()
    try:
        exec(block, {"spark": spark})
    finally:
        spark.stop()

    def rows(table: Any) -> list[str]:
        return sorted(repr(sorted(row.items())) for row in table.to_pylist())

    for name in TABLES:
        assert rows(pq.read_table(tmp_path / "out" / name)) == rows(
            pq.read_table(tmp_path / "local" / f"{name}.parquet")
        )
