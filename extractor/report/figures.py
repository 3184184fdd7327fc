"""The plots of the report as plain shapes; ``templates/figures.html.j2`` draws them as inline SVG.

Horizontal places are per cent of the width, so that a plot fits a phone and a wide screen with the same size of letters.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple
from urllib.parse import quote

from extractor.report.axes import Axis, Tick, compact, quantile
from extractor.report.leaderboards import Scale
from extractor.report.names import Spellings
from extractor.report.read import NameRow, PaperRow, ResultRow

LONGEST = 15  # rows of a plot
LONGEST_NAME = 120  # characters
DOTS = 60  # up to so many numbers are drawn one by one beside the box
METRICS = 20  # with a plot of their levels by data set
TRIM = 0.01  # of the numbers at either end of an axis may lie beyond it: one wrong number must not squeeze the rest


class Shape(NamedTuple):
    """A dot, or a bar from ``at`` to ``to``; ``label`` is its tooltip, ``style`` a class, a click leads to ``href``."""

    at: float
    to: float
    label: str
    style: str
    href: str | None = None


@dataclass(frozen=True)
class Line:
    """One row of a plot: its name, where a click leads, what is written at its right end, its shapes."""

    label: str
    href: str | None
    right: str
    bars: tuple[Shape, ...] = ()
    dots: tuple[Shape, ...] = ()
    median: float | None = None


class Cell(NamedTuple):
    """A cell of a grid; ``shade`` from 0 to 1."""

    text: str
    shade: float


@dataclass(frozen=True)
class Figure:
    """A plot with its alternative text and its numbers as a table."""

    id: str
    title: str
    note: str
    alt: str
    lines: tuple[Line, ...] = ()
    ticks: tuple[Tick, ...] = ()
    head: tuple[str, ...] = ()
    grid: tuple[tuple[str, str | None, tuple[Cell, ...]], ...] = ()  # name, link, cells
    table: tuple[tuple[str, ...], ...] = ()
    legend: tuple[tuple[str, str], ...] = ()  # style, words
    group: str | None = None  # figures of one group are shown one at a time


@dataclass
class _Group:
    numbers: list[float] = field(default_factory=list)
    rows: list[int] = field(default_factory=list)


def fragment(**state: str) -> str:
    """Return the link that filters the table of results."""
    return "#" + "&".join(f"{key}={quote(value, safe='')}" for key, value in state.items())


def row_link(row: ResultRow) -> str:
    """Return the link that opens the evidence of a result."""
    return fragment(row=f"{row.paper_id}/{row.number}")


def changes(results: Sequence[ResultRow], kind: str) -> Figure:
    """Return factors (kind ``ratio``) or changes in per cent (kind ``change``) by metric and direction."""
    groups: dict[tuple[str, str], _Group] = {}
    for index, row in enumerate(results):
        if row.kind == kind and row.value > 0 and row.direction and (kind == "ratio" or row.unit == "%"):
            group = groups.setdefault((row.metric, row.direction), _Group())
            group.numbers.append(row.value)
            group.rows.append(index)
    factor = kind == "ratio"
    unit = "x" if factor else " %"
    arrows = {"increase": "↑", "decrease": "↓"}
    return _boxes(
        f"plot-{kind}",
        "Factors by metric: times faster, smaller, cheaper" if factor else "Changes in per cent by metric",
        "↑ more of the metric, ↓ less of it; logarithmic axis",
        {(f"{words(metric)} {arrows[direction]}"): group for (metric, direction), group in groups.items()},
        results,
        unit,
        href={
            f"{words(metric)} {arrows[direction]}": fragment(metric=metric, kind=kind) for metric, direction in groups
        },
        log=True,
    )


def levels(results: Sequence[ResultRow], datasets: Sequence[str | None], scale: Scale) -> list[Figure]:
    """Return, for each of the metrics with most levels on named data sets, its levels by data set."""
    groups: dict[tuple[str, str | None], dict[str, _Group]] = {}
    for index, (row, dataset) in enumerate(zip(results, datasets, strict=True)):
        if row.kind == "value" and dataset is not None:
            level, unit = scale(row)
            group = groups.setdefault((row.metric, unit), {}).setdefault(dataset, _Group())
            group.numbers.append(level)
            group.rows.append(index)
    size = {key: sum(len(group.rows) for group in found.values()) for key, found in groups.items()}
    figures: list[Figure] = []
    seen: set[str] = set()
    for metric, unit in sorted(groups, key=lambda key: (-size[key], key[0], key[1] or "")):
        if metric in seen or len(seen) == METRICS:  # of each metric the most frequent unit
            continue
        seen.add(metric)
        found = groups[metric, unit]
        numbers = sorted(n for group in found.values() for n in group.numbers)
        log = numbers[0] > 0 and quantile(numbers, 1 - TRIM) > 100 * quantile(numbers, TRIM)
        figures.append(
            _boxes(
                f"plot-level-{metric}",
                f"{words(metric)} by data set" + (f", {unit}" if unit else ""),
                "levels that papers report, theirs and others'" + ("; logarithmic axis" if log else ""),
                found,
                results,
                f" {unit}" if unit else "",
                href={dataset: fragment(metric=metric, dataset=dataset, kind="value") for dataset in found},
                log=log,
                group=words(metric),
            )
        )
    return figures


def _boxes(
    id_: str,
    title: str,
    note: str,
    groups: Mapping[str, _Group],
    results: Sequence[ResultRow],
    unit: str,
    *,
    href: Mapping[str, str],
    log: bool,
    group: str | None = None,
) -> Figure:
    chosen = sorted(groups, key=lambda label: (-len(groups[label].rows), label))[:LONGEST]
    if not chosen:
        return Figure(id_, title, note, "Nothing to draw: the run has no such results.")
    every = sorted(number for label in chosen for number in groups[label].numbers)
    ends = (quantile(every, TRIM), quantile(every, 1 - TRIM)) if len(every) > 50 else (every[0], every[-1])
    axis = Axis(*ends, log=log)
    lines, table = [], []
    for label in chosen:
        found = groups[label]
        ordered = sorted(found.numbers)
        q1, median, q3 = (quantile(ordered, share) for share in (0.25, 0.5, 0.75))
        dots: tuple[Shape, ...] = ()
        if len(ordered) <= DOTS:
            dots = tuple(
                Shape(
                    axis.at(n), axis.at(n), _dot_label(results[i], f"{compact(n)}{unit}"), "dot", row_link(results[i])
                )
                for n, i in zip(found.numbers, found.rows, strict=True)
            )
        box = (
            (
                Shape(axis.at(quantile(ordered, 0.05)), axis.at(quantile(ordered, 0.95)), "5 % to 95 %", "whisker"),
                Shape(axis.at(q1), axis.at(q3), f"middle half: {compact(q1)} to {compact(q3)}{unit}", "box"),
            )
            if len(ordered) >= 5
            else ()
        )
        lines.append(
            Line(
                short(label),
                href[label],
                f"{len(ordered):,}",
                box,
                dots,
                axis.at(median) if len(ordered) >= 5 else None,
            )
        )
        table.append(
            (short(label), f"{len(ordered):,}", *(compact(n) for n in (ordered[0], q1, median, q3, ordered[-1])))
        )
    first = table[0]
    return Figure(
        id_,
        title,
        note,
        f"Box plot of {len(chosen)} rows. Most results: {first[0]}, {first[1]} of them, median {first[4]}{unit}, "
        f"middle half {first[3]} to {first[5]}{unit}.",
        tuple(lines),
        tuple(axis.ticks()),
        ("", "results", "lowest", "first quarter", "median", "third quarter", "highest"),
        table=tuple(table),
        group=group,
    )


def _dot_label(row: ResultRow, number: str) -> str:
    return f"{number}, {short(row.system)}" if row.system else number


def mentions(id_: str, title: str, rows: Iterable[NameRow], key: str | None) -> Figure:
    """Return the names that most papers mention; ``key`` is the filter that a click sets, None for the search."""
    rows = list(rows)
    spelling = Spellings(row.canonical for row in rows)
    pairs = {(row.paper_id, spelling(row.canonical)) for row in rows}
    counts = Counter(name for _, name in pairs)
    top = sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:LONGEST]
    return bars(id_, title, "papers that name it", top, lambda name: fragment(**{key or "q": name}))


def bars(
    id_: str,
    title: str,
    note: str,
    counts: Sequence[tuple[str, int]],
    href: Callable[[str], str],
) -> Figure:
    """Return counts as bars."""
    if not counts:
        return Figure(id_, title, note, "Nothing to draw: the run has none.")
    most = max(count for _, count in counts)
    lines = tuple(
        Line(short(name), href(name), f"{count:,}", (Shape(0, round(100 * count / most, 2), f"{count:,}", "bar"),))
        for name, count in counts
    )
    named = ", ".join(f"{short(name)} ({count:,})" for name, count in counts[:3])
    return Figure(
        id_,
        title,
        note,
        f"Bars of {len(counts)} names; the longest: {named}.",
        lines,
        head=("", "papers"),
        table=tuple((short(name), f"{count:,}") for name, count in counts),
    )


def bit_widths(rows: Iterable[tuple[str, float, float | None, str]]) -> Figure:
    """Return how many papers use which bit width for what; ranges count at their low end."""
    title, note = "Bit widths by what is stored at them", "papers; the low end of a range"
    pairs = {(paper, bits, target) for paper, bits, _, target in rows}
    cells = Counter((bits, target) for _, bits, target in pairs)
    widths = Counter(bits for _, bits, _ in pairs)
    columns = sorted(bits for bits, _ in sorted(widths.items(), key=lambda item: (-item[1], item[0]))[:10])
    targets = Counter(target for _, _, target in pairs)
    names = [target for target, _ in sorted(targets.items(), key=lambda item: (-item[1], item[0]))]
    return _grid(
        "plot-bits",
        title,
        note,
        [f"{bits:g}" for bits in columns],
        names,
        lambda c, r: cells[columns[c], names[r]],
        lambda _: None,
    )


def tasks_over_years(papers: Sequence[PaperRow], tasks: Mapping[str, Sequence[str]]) -> Figure:
    """Return how many papers work on which task by year as far as years are known; if none is, in all."""
    title, note = "Tasks over years", "papers; the first task of each"
    if not any(paper.year for paper in papers):
        all_ = Counter(found[0] for found in tasks.values() if found).most_common()
        top = sorted(all_, key=lambda item: (-item[1], item[0]))[:LONGEST]
        ids = {words(task): task for task, _ in top}
        return bars(
            "plot-tasks", "Tasks", note, [(words(task), n) for task, n in top], lambda said: fragment(task=ids[said])
        )
    pairs = [(paper.year, tasks[paper.paper_id][0]) for paper in papers if paper.year and tasks.get(paper.paper_id)]
    cells = Counter(pairs)
    columns = sorted({year for year, _ in pairs})[-10:]
    counts = Counter(task for _, task in pairs)
    names = [task for task, _ in sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:LONGEST]]
    return _grid(
        "plot-tasks",
        title,
        note,
        [str(year) for year in columns],
        names,
        lambda c, r: cells[columns[c], names[r]],
        lambda task: fragment(task=task),
    )


def _grid(
    id_: str,
    title: str,
    note: str,
    columns: Sequence[str],
    names: Sequence[str],
    count: Callable[[int, int], int],
    href: Callable[[str], str | None],
) -> Figure:
    if not columns or not names:
        return Figure(id_, title, note, "Nothing to draw: the run has none.")
    counts = [[count(c, r) for c in range(len(columns))] for r in range(len(names))]
    most, r, c = max((n, -r, -c) for r, line in enumerate(counts) for c, n in enumerate(line))
    return Figure(
        id_,
        title,
        note,
        f"Table of {len(names)} rows and {len(columns)} columns, darker for more papers. "
        f"Most: {words(names[-r])} at {columns[-c]}, {most:,} papers.",
        head=("", *columns),
        grid=tuple(
            (words(name), href(name), tuple(Cell(f"{n:,}" if n else "", (n / most) ** 0.5) for n in line))
            for name, line in zip(names, counts, strict=True)
        ),
    )


CODE = (("linked", "linked"), ("released", "said to be public"), ("promised", "promised"), ("none", "not said"))


def code(papers: Sequence[PaperRow]) -> Figure:
    """Return the share of papers with code: of all, and by year as far as years are known."""
    title, note = "Papers with code", "share of papers"
    groups: dict[str, list[PaperRow]] = {"all papers": list(papers)} if papers else {}
    years = sorted({paper.year for paper in papers if paper.year})[-12:]
    groups |= {str(year): [paper for paper in papers if paper.year == year] for year in years}
    if not groups:
        return Figure("plot-code", title, note, "Nothing to draw: the run has no papers.")
    lines, table = [], []
    for name, found in groups.items():
        counts = Counter(paper.code for paper in found)
        at, shapes = 0.0, []
        for status, said in CODE:
            share = 100 * counts[status] / len(found)
            shapes.append(Shape(round(at, 2), round(at + share, 2), f"{said}: {share:.1f} %", f"code-{status}"))
            at += share
        lines.append(Line(name, None, f"{100 * counts['linked'] / len(found):.0f} % linked", tuple(shapes)))
        table.append((name, *(f"{counts[status]:,}" for status, _ in CODE)))
    shares = ", ".join(f"{said} {n} of {len(papers):,}" for (_, said), n in zip(CODE, table[0][1:], strict=True))
    return Figure(
        "plot-code",
        title,
        note,
        f"Stacked bars. Of all papers: {shares}.",
        tuple(lines),
        head=("", *(said for _, said in CODE)),
        table=tuple(table),
        legend=tuple((f"code-{status}", said) for status, said in CODE),
    )


def words(name: str) -> str:
    """Return an id as words."""
    return short(name.replace("_", " "))


def short(name: str) -> str:
    """Return a name as far as a plot says it."""
    return name if len(name) <= LONGEST_NAME else name[:LONGEST_NAME] + "…"
