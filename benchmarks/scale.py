"""What many papers take, on paper, from measured figures.

    python -m benchmarks.scale --speed S [--papers N] [--price P] [--write PAGE]

S is the measured papers per second of one core (the arm "extractor, rules and model" of ``python -m benchmarks``). The other
figures stand below with the way they were measured; PAGE is a Markdown page with a place for the result.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

from benchmarks.__main__ import Row, markdown
from extractor.run.ray_plan import PART_RECORDS
from extractor.schema import TABLES

# per paper, over 20,000 papers of conferences as JSON lines (1,474 bytes each) on one core of a busy cloud machine:
INPUT_BYTES = 1_474
KEYS_PER_SECOND = 14_100  # Plan.keys: reading, ids, hashing
IO_PER_SECOND = (
    3_800  # benchmarks/reading_and_writing.py, --jobs 1: papers per processor second, all processes together
)
# over the first 3,000 of them, `extractor run --jobs 1`:
PARQUET_BYTES = 572  # all tables
TITLE_AND_ABSTRACT_BYTES = 477  # of these, `papers`
CSV_BYTES = 1_644
# over 2 million keys, find_duplicates: 32 bytes of keys and 67 while they are sorted
DRIVER_BYTES = 99
SORTED_PER_SECOND = 1_560_000
HASHED_BYTES_PER_SECOND = 1_380 << 20  # sha256 of the inputs


def rows(papers: int, speed: float, price: float) -> Iterator[Row]:
    """Rows of the calculation; ``speed`` in papers per second and core, ``price`` in dollars per core-hour."""
    reading = papers / KEYS_PER_SECOND
    cpu = papers / speed + papers / IO_PER_SECOND + reading
    hours = cpu / 3600

    def row(what: str, how: str, value: str) -> Row:
        return {"": what, "from": how, f"{papers:,} papers": value}

    yield row("extraction", f"{speed:,.0f} papers/s and core", f"{papers / speed / 3600:,.1f} core-hours")
    yield row(
        "reading and writing",
        f"{IO_PER_SECOND:,} papers/s and core",
        f"{papers / IO_PER_SECOND / 3600:,.1f} core-hours",
    )
    yield row("ids, first reading", f"{KEYS_PER_SECOND:,} papers/s and core", f"{reading / 3600:,.1f} core-hours")
    yield row("all of it", "sum", f"{hours:,.1f} core-hours")
    for cores in (8, 64, 256):
        yield row(f"on {cores} cores", "at 80 % use", f"{hours / cores / 0.8:,.1f} hours")
    yield row("price", f"${price:g} a core-hour, at 80 % use", f"${hours * price / 0.8:,.2f}")
    yield row("input, JSON lines", f"{INPUT_BYTES:,} bytes each", f"{papers * INPUT_BYTES / 1e9:,.0f} GB")
    facts = PARQUET_BYTES - TITLE_AND_ABSTRACT_BYTES
    shares = f"{PARQUET_BYTES:,} bytes each, {facts} without title and abstract"
    yield row("output, Parquet", shares, f"{papers * PARQUET_BYTES / 1e9:,.0f} GB")
    yield row("output, CSV (local engine)", f"{CSV_BYTES:,} bytes each", f"{papers * CSV_BYTES / 1e9:,.0f} GB")
    files = -(-papers // PART_RECORDS)
    yield row(
        "parts, files", f"{PART_RECORDS:,} records a part, {len(TABLES)} tables", f"{files:,}, {files * len(TABLES):,}"
    )
    yield row("driver: memory for keys", f"{DRIVER_BYTES} bytes each", f"{papers * DRIVER_BYTES / 1e9:,.1f} GB")
    seconds = papers / SORTED_PER_SECOND + papers * INPUT_BYTES / HASHED_BYTES_PER_SECOND
    yield row("driver: hashing inputs, sorting keys", "one core", f"{seconds / 60:,.0f} minutes")


def main() -> None:
    """Compute and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--speed", type=float, required=True, metavar="S", help="papers per second and core, measured")
    parser.add_argument("--papers", type=int, default=100_000_000)
    parser.add_argument("--price", type=float, default=0.04, metavar="P", help="dollars per core-hour")
    parser.add_argument("--write", type=Path, metavar="PAGE", help="also put the table into this Markdown page")
    given = parser.parse_args()
    table = markdown(rows(given.papers, given.speed, given.price))
    print(table)
    if given.write:
        page = given.write.read_text(encoding="utf-8")
        before, _, rest = page.partition("<!-- measured -->\n")
        _, _, after = rest.partition("<!-- end of measured -->")
        note = "Computed by `python -m benchmarks.scale`; its source says how each figure was measured."
        text = f"{before}<!-- measured -->\n{note}\n\n{table}\n<!-- end of measured -->{after}"
        given.write.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
