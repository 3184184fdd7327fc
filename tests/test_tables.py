"""The tables of a run in pandas, and opened by other tools."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

import extractor
from extractor.run import tables as run_tables
from extractor.run.core import extract_batches, input_batch
from extractor.run.engine import run
from extractor.run.options import RunOptions
from extractor.schema import TABLES, csv_header
from extractor.sources import read_source
from tests.batch_extractors import Cheap

HERE = Path(__file__).parent


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tables")
    lines = [json.dumps({"title": f"T{i}", "abstract": f"It reaches {i}%."}) for i in range(20)]
    (folder / "in.jsonl").write_text("\n".join([*lines, "broken"]))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", os.pathsep.join([str(HERE.parent), os.environ.get("PYTHONPATH", "")]))
        run(RunOptions((str(folder / "in.jsonl"),), folder / "out", factory="tests.batch_extractors:cheap"))
    return folder / "out"


def test_attributes_and_items(out: Path) -> None:
    tables = extractor.load(out)
    assert list(tables) == list(TABLES) and len(tables) == len(TABLES)
    assert tables.results is tables["results"]
    assert len(tables.papers) == 20 and len(tables.rejects) == 1
    assert tables.results.value.sum() == sum(range(20))
    assert tables.run["counts"]["papers"] == 20
    assert "results" in dir(tables)
    for name in TABLES:
        assert list(tables[name].columns) == csv_header(name)


def test_no_column_is_of_python_objects(out: Path) -> None:
    tables = extractor.load(str(out))
    kinds = {str(dtype) for name in TABLES for dtype in tables[name].dtypes}
    assert kinds == {"string", "Int64", "float64", "boolean"}


def test_what_is_not_there(out: Path, tmp_path: Path) -> None:
    tables = extractor.load(out)
    with pytest.raises(KeyError, match="tables are papers"):
        tables["paper"]
    with pytest.raises(AttributeError, match="tables are papers"):
        tables.paper  # noqa: B018
    with pytest.raises(FileNotFoundError, match="no tables of a run"):
        extractor.load(tmp_path)
    (tmp_path / ".run").mkdir()
    with pytest.raises(FileNotFoundError, match="--resume"):
        extractor.load(tmp_path)


def test_one_paper() -> None:
    extraction = extractor.extract(title="A title", abstract="An abstract.")
    assert isinstance(extraction, extractor.Extraction)
    assert extraction.paper.paper_id.startswith("sha1:")
    assert extraction.warnings is None
    long = extractor.extract(title="A title", abstract="word " * 20_000)
    assert long.warnings == "abstract has 100000 characters: only the first 20000 were read"


def test_public_names() -> None:
    for name in extractor.__all__:
        assert getattr(extractor, name) is not None
    with pytest.raises(AttributeError):
        extractor.no_such_name  # noqa: B018


@pytest.fixture(scope="module")
def parts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tables of a large run, with two papers a part."""
    folder = tmp_path_factory.mktemp("parts")
    (folder / "in.jsonl").write_text(
        "\n".join(json.dumps({"title": f"T{i}", "abstract": f"At {i}%."}) for i in range(5))
    )
    batches = []
    records = list(read_source(str(folder / "in.jsonl")))
    for start in range(0, 5, 2):
        batches += extract_batches([input_batch(records[start : start + 2])], Cheap())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(run_tables, "PART_SHARDS", 1)
        run_tables.write_tables(batches, len(batches), folder, {}, safe_csv=True)
    assert len(list((folder / "papers").iterdir())) == 3
    return folder


def test_parts_are_one_table_in_pandas(parts: Path) -> None:
    import pandas as pd

    assert extractor.load(parts).results.value.sum() == sum(range(5))
    assert len(pd.read_parquet(parts / "papers")) == 5


def test_polars(out: Path, parts: Path) -> None:
    polars = pytest.importorskip("polars")
    assert polars.read_parquet(out / "results.parquet")["value"].sum() == sum(range(20))
    assert polars.read_csv(out / "csv" / "results.csv").columns == csv_header("results")
    assert polars.read_parquet(parts / "results")["value"].sum() == sum(range(5))
    assert polars.read_csv(parts / "csv" / "results" / "*.csv")["value"].sum() == sum(range(5))


def test_hugging_face_datasets(out: Path, parts: Path, tmp_path: Path) -> None:
    datasets = pytest.importorskip("datasets", reason="Hugging Face datasets is not installed")
    for files, papers in ((out / "results.parquet", 20), (parts / "results" / "*.parquet", 5)):
        table = datasets.load_dataset("parquet", data_files=str(files), split="train", cache_dir=str(tmp_path))
        assert table.column_names == csv_header("results")
        assert sum(table["value"]) == sum(range(papers))


def test_duckdb(out: Path, parts: Path) -> None:
    duckdb = pytest.importorskip("duckdb")
    for files in (f"{out}/{{}}.parquet", f"{parts}/{{}}/*.parquet", f"{out}/csv/{{}}.csv", f"{parts}/csv/{{}}/*.csv"):
        query = f"select count(*) from '{files.format('papers')}' join '{files.format('results')}' using (paper_id)"
        assert duckdb.sql(query).fetchall() == [(20 if str(out) in files else 5,)]
