"""Out-of-fold predictions of the results pass, scored like score.py does."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
from names_source import same_name
from results import Trainer, decode, right
from results_data import six

from extractor.passes.results.decide import ResultsPass, calibrated

CORE = ("metric", "kind", "direction", "qualifier", "unit")
FULL = (*CORE, "from_value", "dataset", "system", "baseline")


CALIBRATION = Path(__file__).parent / "results_calibration.json"


def isotonic(points: list[tuple[float, bool]], most: int = 24) -> list[list[float]]:
    """Return a rising piecewise linear table from raw confidence to the share that was right (pool adjacent violators)."""
    blocks: list[list[float]] = []  # sum of x, sum of right, count
    size = max(1, len(points) // 200)
    for start in range(0, len(points), size):
        part = points[start : start + size]
        blocks.append([sum(x for x, _ in part), float(sum(ok for _, ok in part)), float(len(part))])
        while len(blocks) > 1 and blocks[-2][1] / blocks[-2][2] >= blocks[-1][1] / blocks[-1][2]:
            last = blocks.pop()
            blocks[-1] = [a + b for a, b in zip(blocks[-1], last, strict=True)]
    table = [[round(b[0] / b[2], 4), round(b[1] / b[2], 4)] for b in blocks]
    return [*table[:: max(1, len(table) // most)], [1.0, table[-1][1]]]


def reliability(points: list[tuple[float, bool]], table: list[list[float]]) -> list[dict[str, float]]:
    """Return, by tenths of calibrated confidence, how many rows there are and the share that is right (core)."""
    bins: dict[int, list[tuple[float, bool]]] = {}
    for raw, ok in points:
        share = calibrated(raw, table)
        bins.setdefault(min(9, int(share * 10)), []).append((share, ok))
    return [
        {
            "from": tenth / 10,
            "rows": len(part),
            "mean_confidence": round(sum(x for x, _ in part) / len(part), 3),
            "right": round(sum(ok for _, ok in part) / len(part), 3),
        }
        for tenth, part in sorted(bins.items())
    ]


def unit(text: str | None) -> str | None:
    """Fold a unit as the scorer does."""
    folded = (text or "").strip().lower()
    folded = folded.rstrip("s") if len(folded) > 2 else folded
    return {"": None, "percent": "%", "×": "x", "pp": "point", "percentage point": "point", "%p": "point"}.get(
        folded, folded
    )


def equal(field: str, a: Any, b: Any) -> bool:
    """Say whether two values of a field count as one."""
    if field == "unit":
        return unit(a) == unit(b)
    if field == "from_value":
        return six(a) == six(b)
    if field in ("dataset", "system", "baseline"):
        return same_name(a, b)
    return (a or None) == (b or None)


def field_ok(gold: dict[str, Any], found: dict[str, Any], field: str) -> bool:
    """Say whether a field is right."""
    return any(equal(field, value, found[field]) for value in right(gold, field))


def pair(gold: list[dict[str, Any]], found: list[dict[str, Any]]) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """Pair records of equal numbers, the best agreement first."""
    options = []
    for i, g in enumerate(gold):
        for j, f in enumerate(found):
            if (six(g["value"]), six(g.get("value_high"))) == (six(f["value"]), six(f["value_high"])):
                agreement = (
                    8 * all(field_ok(g, f, x) for x in FULL)
                    + 4 * all(field_ok(g, f, x) for x in CORE)
                    + sum(field_ok(g, f, x) for x in FULL)
                    - 0.1 * bool(g.get("optional"))
                )
                options.append((-agreement, i, j))
    taken_g: set[int] = set()
    taken_f: set[int] = set()
    pairs = []
    for _, i, j in sorted(options):
        if i not in taken_g and j not in taken_f:
            taken_g.add(i)
            taken_f.add(j)
            pairs.append((gold[i], found[j]))
    return pairs


def cross_validate(trainer: Trainer, folds: int, errors: int, field: str) -> None:
    """Fit on all folds but one, decode that one, and print scores by origin."""
    papers = trainer.papers
    fold = np.random.RandomState(0).randint(0, folds, len(papers))
    found: list[list[dict[str, Any]]] = [[] for _ in papers]
    for k in range(folds):
        engine = ResultsPass(trainer.engine_rules, trainer.fit(fold != k))
        for i in np.flatnonzero(fold == k):
            found[i] = decode(engine, papers[i])
    shown = 0
    # errors are shown for the first half of each development file only; the rest stays unread
    readable: set[int] = set()
    for name in ("hf_dev", "arxiv_dev"):
        mine = [p for p in papers if p.origin == name]
        readable |= {id(p) for p in mine[: len(mine) // 2]}
    points: list[tuple[float, bool]] = []
    for origin in (("train",), ("hf_dev",), ("arxiv_dev",), ("hf_dev", "arxiv_dev"), ("more",)):
        tally = dict.fromkeys(("number", "core", "full"), 0)
        bad = dict.fromkeys(FULL, 0)
        gold_n = found_n = 0
        for i, paper in enumerate(papers):
            if paper.origin not in origin:
                continue
            gold = paper.gold["results"]
            pairs = pair(gold, found[i])
            optional = sum(bool(g.get("optional")) for g, _ in pairs)
            gold_n += sum(not g.get("optional") for g in gold)
            found_n += len(found[i]) - optional
            matched = {id(f) for _, f in pairs}
            for f in found[i]:
                if id(f) not in matched and len(origin) == 1:
                    points.append((f["confidence"], False))
                    if field in ("", "extra") and shown < errors and id(paper) in readable:
                        shown += 1
                        print(f"extra {f['metric']} {f['value']} | {f['quote']}")
            if field == "missed" and len(origin) == 1 and id(paper) in readable:
                hit = {id(g) for g, _ in pairs}
                for g in gold:
                    if id(g) not in hit and not g.get("optional"):
                        print(f"missed {g['metric']} {g['value']} | {g['quote']}")
            for g, f in pairs:
                if g.get("optional"):
                    continue
                wrong = [x for x in FULL if not field_ok(g, f, x)]
                for x in wrong:
                    bad[x] += 1
                    if x == field and shown < errors and len(origin) == 1 and id(paper) in readable:
                        shown += 1
                        print(f"{origin[0]} {x}: {g[x]!r} got {f[x]!r} | {g['quote']}")
                tally["number"] += 1
                core = not any(x in CORE for x in wrong)
                tally["core"] += core
                tally["full"] += not wrong
                if len(origin) == 1:
                    points.append((f["confidence"], core))
        if gold_n:
            line = "  ".join(f"{name} {200 * n / (gold_n + found_n):.1f}" for name, n in tally.items())
            print(
                f"{'+'.join(origin):18s} {line}  gold {gold_n} found {found_n}  wrong { ({k: round(100 * v / max(tally['number'], 1), 1) for k, v in bad.items()}) }"
            )
    points.sort()
    table = isotonic(points)
    CALIBRATION.write_text(
        json.dumps({"table": table, "reliability": reliability(points, table)}, indent=1) + "\n", encoding="utf-8"
    )
    for low in (0.0, 0.3, 0.5, 0.7, 0.8, 0.9):
        part = [ok for share, ok in points if share >= low]
        if part:
            print(f"confidence >= {low}: {len(part)} rows, core right {100 * sum(part) / len(part):.1f} %")
