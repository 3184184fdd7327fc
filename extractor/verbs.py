"""What analysts ask of the tables of a run: :class:`Verbs` is a part of :class:`extractor.tables.Tables`."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from copy import copy
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal, Self, cast

if TYPE_CHECKING:
    import pandas as pd

Better = Literal["higher", "lower"]
PER_CENT_SHARE = 0.05  # of a metric's levels with the unit %, from which on it counts as given in percent
_JOINTS = re.compile(r"[\s\-_‐-―]+")
_EVIDENCE = ("paper_id", "title", "year", "quote", "confidence")


class Verbs:
    """Leaderboards, comparisons, pivots and joins; each returns a new data frame, the tables stay as they are.

    Names of data sets and systems are compared without regard to case, blanks and hyphens.
    """

    _frames: dict[str, pd.DataFrame]

    if TYPE_CHECKING:

        def __getitem__(self, name: str) -> pd.DataFrame:
            """Return a table."""

    def confident(self, least: float) -> Self:
        """Return the same tables with the facts of a confidence of ``least`` or more (0 to 1).

        Papers, rejects, links and tasks, which have no confidence, are kept whole.
        """
        if not 0 <= least <= 1:
            raise ValueError(f"a confidence lies between 0 and 1, not {least}")
        kept = copy(self)
        kept._frames = {}
        for name in cast("Mapping[str, Any]", self):
            frame = self[name]
            kept._frames[name] = frame[frame["confidence"] >= least] if "confidence" in frame else frame
        return kept

    def with_papers(self, table: str, columns: Sequence[str] = ("title", "year")) -> pd.DataFrame:
        """Return a table with columns of ``papers`` behind its own.

        Raises:
            KeyError: there is no such table, or no such column.
        """
        papers = self["papers"]
        if missing := [name for name in columns if name not in papers]:
            raise KeyError(f"papers has no column {missing[0]!r}; it has {', '.join(papers.columns)}")
        frame = self[table]
        return frame.merge(papers[["paper_id", *(c for c in columns if c not in frame)]], on="paper_id", how="left")

    def leaderboard(self, metric: str, dataset: str, *, best: Better | None = None) -> pd.DataFrame:
        """Return the levels that papers report of a metric on a data set, the best first.

        One row for each paper and system, its best. Units are not mixed: of several, the one with most rows stays; but of
        a metric that the run also gives in percent, 0.912, 91.2 and 91.2% are the same ``level``.

        Args:
            metric: id of the metric.
            dataset: name of the data set, in any of its spellings.
            best: which levels are better; by the metric's rule if None.

        Raises:
            ValueError: the metric's rule does not say which levels are better, and ``best`` neither.
        """
        import pandas as pd

        better = best or _better(metric)
        levels = self._levels(metric)
        levels = levels[_matches(levels["canonical"], dataset) | _matches(levels["dataset"], dataset)]
        if len(levels):
            units = levels["level_unit"].fillna("")
            levels = levels[units == units.mode().iloc[0]]
        ascending = better == "lower"
        levels = levels.sort_values(["level"], ascending=[ascending], kind="stable")
        levels = levels.drop_duplicates(["paper_id", "system"])
        rank = levels["level"].rank(method="min", ascending=ascending).astype("int64")
        levels = levels.merge(self["papers"][["paper_id", "title", "year"]], on="paper_id", how="left")
        levels.insert(0, "rank", pd.Series(rank.to_numpy(), dtype="Int64"))
        columns = ["rank", "level", "value", "unit", "qualifier", "system", "dataset", *_EVIDENCE]
        return levels[columns].reset_index(drop=True)

    def compare(self, system: str, baseline: str) -> pd.DataFrame:
        """Return what papers say of a system against a baseline: changes, ratios, shares, and pairs of levels.

        Of a pair of levels (one paper, metric and data set), ``value`` is that of the system and ``baseline_value`` that
        of the baseline. ``better`` is whether the system is, null where the metric's rule does not say which levels are
        better or the statement is a share.
        """
        import pandas as pd

        results = self["results"]
        ours = results[_matches(results["system"], system)]
        stated = ours[_matches(ours["baseline"], baseline) & (ours["kind"] != "value")].copy()
        stated["baseline_value"] = pd.Series(pd.NA, index=stated.index, dtype="Float64")
        theirs = results[_matches(results["system"], baseline) & (results["kind"] == "value")]
        keys = ["paper_id", "metric", "dataset", "unit"]
        pairs = ours[ours["kind"] == "value"].merge(
            theirs[[*keys, "value"]].rename(columns={"value": "baseline_value"}), on=keys
        )
        found = pd.concat([stated, pairs.astype({"baseline_value": "Float64"})], ignore_index=True)
        better = [_is_better(row) for row in found.to_dict("records")]
        found["better"] = pd.Series(better, index=found.index, dtype="boolean")
        found = found.merge(self["papers"][["paper_id", "title", "year"]], on="paper_id", how="left")
        columns = ["metric", "dataset", "kind", "direction", "value", "value_high", "unit", "qualifier"]
        return found[[*columns, "baseline_value", "better", *_EVIDENCE]]

    def by_paper(self, metrics: Sequence[str] | None = None, *, kind: str = "value") -> pd.DataFrame:
        """Return one row a paper and one column a metric: the best value of this kind that the paper reports.

        Best is the highest, of levels of metrics where less is better the lowest. Papers without any such result are left
        out. Values are as stated: units are not brought together.

        Args:
            metrics: ids of metrics, in the order of the columns; all, the most frequent first, if None.
            kind: value, change, ratio or share.
        """
        results = self["results"]
        rows = results[results["kind"] == kind]
        if metrics is None:
            metrics = list(rows["metric"].value_counts().index)
        grouped = rows[rows["metric"].isin(list(metrics))].groupby(["paper_id", "metric"], sort=False)["value"]
        lowest, highest = (frame.unstack("metric") for frame in (grouped.min(), grouped.max()))
        for metric in highest.columns:
            if kind == "value" and polarity().get(metric) == "lower":
                highest[metric] = lowest[metric]
        table = highest.reindex(columns=list(metrics))
        papers = self["papers"][["paper_id", "title", "year"]]
        return papers.merge(table, left_on="paper_id", right_index=True).set_index("paper_id")

    def _levels(self, metric: str) -> pd.DataFrame:
        """Return the levels of a metric with canonical data set, comparable level and the unit of that level."""
        results = self["results"]
        levels = results[(results["metric"] == metric) & (results["kind"] == "value")].copy()
        levels["level"], levels["level_unit"] = levels["value"], levels["unit"]
        marked = int((levels["unit"] == "%").sum())
        if marked and marked >= PER_CENT_SHARE * len(levels):
            bare = levels["unit"].isna()
            share = bare & levels["value"].between(0, 1, inclusive="right")
            levels.loc[share, "level"] *= 100
            levels.loc[bare | (levels["unit"] == "points"), "level_unit"] = "%"
        names = self["datasets"].drop_duplicates(["paper_id", "name"])[["paper_id", "name", "canonical"]]
        names = names.rename(columns={"name": "dataset"})
        levels = levels.merge(names, on=["paper_id", "dataset"], how="left")
        levels["canonical"] = levels["canonical"].fillna(levels["dataset"])
        return levels


@lru_cache(maxsize=1)
def polarity() -> Mapping[str, str]:
    """Return by metric of the shipped rules which levels are better: ``higher``, ``lower`` or ``none``."""
    from extractor.rulebook import load_rules
    from extractor.rulebook.metrics import MetricRule

    return {rule.id: rule.polarity for rule in load_rules().section("metrics", MetricRule)}


def _better(metric: str) -> Better:
    known = polarity().get(metric)
    if known in ("higher", "lower"):
        return cast("Better", known)
    why = "it depends" if known else "no shipped rule has this id"
    raise ValueError(f"which levels of {metric!r} are better? {why}; say best='higher' or best='lower'")


def _is_better(row: Mapping[Any, Any]) -> bool | None:
    """Tell whether a comparison speaks for the system; None where nothing says so."""
    better = polarity().get(row["metric"])
    if better not in ("higher", "lower"):
        return None
    if row["kind"] == "value":
        gain = row["value"] - row["baseline_value"]
    elif row["kind"] in ("change", "ratio"):
        gain = 1 if row["direction"] == "increase" else -1
    else:
        return None
    return bool(gain > 0 if better == "higher" else gain < 0) if gain else None


def _matches(names: pd.Series, wanted: str) -> pd.Series:
    """Tell for each name whether it is the wanted one, case, blanks and hyphens aside."""
    return names.map(_key, na_action="ignore").eq(_key(wanted)).fillna(False).astype(bool)


def _key(name: str) -> str:
    return _JOINTS.sub("", name.casefold())
