"""What ``extractor run`` shows in a terminal."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from extractor.schema import TABLES

REASONS = 5  # kinds of rejects that the summary names

if TYPE_CHECKING:
    from extractor.run.progress import Progress, Summary


@contextmanager
def progress_bar(*, shown: bool, limit: int | None) -> Iterator[Callable[[Progress], None] | None]:
    """Give a callback that moves a progress bar on standard error, None where it is not to be shown."""
    if not shown:
        yield None
        return
    import time

    from rich.console import Console
    from rich.progress import BarColumn, SpinnerColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    columns = (
        SpinnerColumn(),
        TextColumn("{task.completed:,.0f} papers"),
        *([BarColumn()] if limit else []),
        TextColumn("{task.fields[rate]:,.0f}/s  {task.fields[facts]:,} facts  {task.fields[rejects]:,} rejects"),
        TimeElapsedColumn(),
    )
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=limit, rate=0.0, facts=0, rejects=0)
        started = time.perf_counter()

        def show(progress: Progress) -> None:
            rate = progress.papers / max(time.perf_counter() - started, 1e-3)
            facts = sum(progress.facts.values())
            bar.update(task, completed=progress.papers, rate=rate, facts=facts, rejects=progress.rejects)

        yield show


def summary_table(summary: Summary) -> str:
    """Return the counts of a finished run as lines of text."""
    progress = summary.progress
    rows = [("papers", f"{progress.papers:,}"), ("rejected", f"{progress.rejects:,}")]
    rows += [(f"  {reason}", f"{count:,}") for reason, count in progress.reasons.most_common(REASONS)]
    rows += [(name, f"{progress.facts[name]:,}") for name in TABLES if name in progress.facts]
    rows += [("seconds", f"{summary.seconds:,.1f}"), ("papers/s", f"{summary.papers_per_second:,.0f}")]
    width = max(len(name) for name, _ in rows)
    figures = max(len(value) for _, value in rows)
    lines = [f"{name:<{width}}  {value:>{figures}}" for name, value in rows]
    done = "was finished before" if summary.already_finished else "written"
    return "\n".join([*lines, f"tables {done}: {summary.out}"])
