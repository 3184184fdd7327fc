"""Evaluation: the definitions on small cases, and the same figures as the reference scorer to the digit."""

from __future__ import annotations

import copy
import importlib.util
import json
import random
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from extractor.commands.diff import diff
from extractor.commands.evaluate import evaluate as evaluate_command
from extractor.evaluate import Facts, LoadError, by_group, by_slot, changes, evaluate, load_gold, load_tables
from extractor.evaluate.sameness import SLOTS, fold_name, fold_number, fold_unit, fold_url, same_name
from tests.shared_data import GOLD, SHARED, needs_shared


def result(**values: Any) -> dict[str, Any]:
    default = dict.fromkeys(("metric_text", "value_high", "from_value", "unit", "direction", "dataset", "system"))
    return default | {"baseline": None, "metric": "accuracy", "kind": "value", "value": 90.0, "qualifier": "exact", "quote": "q"} | values  # fmt: skip


def paper(**values: Any) -> Facts:
    empty: Facts = {key: [] for key in ("results", "bit_widths", "models", "datasets", "proposed", "links")}
    return {"id": "p1", "title": "A Title", "code": "none", "tasks": ["other"], **empty, **values}


def f1(gold: Facts, found: Facts, field: str) -> float:
    return evaluate({"p": gold}, {"p": found}).to_dict()[field]["f1"]


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [
        ("LLMs", "llm", True),
        ("ViT-S", "ViT", False),
        ("Sintel (clean)", "Sintel", True),
        ("SEA-RAFT", "RAFT", False),
        ("the best baseline", "best baseline", True),
        ("a long phrase of words", "words", False),
        (None, "", True),
        (None, "BERT", False),
        ("-", None, False),
    ],
)
def test_same_name(a: str | None, b: str | None, same: bool) -> None:
    assert same_name(a, b) is same
    assert same_name(b, a) is same


def test_folding() -> None:
    assert fold_name("Llama_2 70B") == fold_name("llama-2-70b")
    assert fold_number(1 / 3) == fold_number(0.33333333)
    assert fold_number(float("nan")) is None
    assert fold_unit("percentage points") == fold_unit("pp") == fold_unit("points")
    assert fold_unit("") is None
    assert fold_url("https://www.Example.org/x/.") == "example.org/x"


def test_pairs_for_the_highest_agreement() -> None:
    gold = paper(results=[result(dataset="A-1"), result(metric="f1", dataset="B-1")])
    swapped = paper(results=[result(metric="f1", dataset="B-1"), result(dataset="A-1")])
    assert f1(gold, swapped, "results.full") == 100.0


def test_accepted_aliased_and_optional() -> None:
    gold = paper(
        results=[result(accept={"metric": ["f1"]}), result(value=5.0, optional=True)],
        models=[{"name": "BERT", "aliases": ["Bidirectional Encoder"]}, {"name": "GPT-2", "optional": True}],
        bit_widths=[{"bits": 4, "bits_high": None, "target": "weights", "accept": {"target": ["model"]}}],
    )
    found = paper(
        results=[result(metric="f1")],
        models=[{"name": "bidirectional encoders"}],
        bit_widths=[{"bits": 4.0, "bits_high": None, "target": "model"}],
    )
    evaluation = evaluate({"p": gold}, {"p": found})
    assert evaluation.exact_papers == 1
    assert not evaluation.misses
    assert all(counts.f1 == 1 for counts in evaluation.fields.values())


def test_missing_paper_costs_recall_and_is_never_exact() -> None:
    evaluation = evaluate({"p": paper()}, {})
    assert evaluation.to_dict()["papers.exact"]["acc"] == 0
    assert evaluation.to_dict()["code"]["acc"] == 0
    assert [miss.text for miss in evaluation.misses] == ["paper missing", "other"]


def test_breakdowns_add_up_to_the_whole() -> None:
    gold = {
        "p": paper(results=[result(), result(value=2.0, metric="speedup", kind="ratio", unit="x"), result(value=3)])
    }
    found = {
        "p": paper(results=[result(metric="f1"), result(value=2.0, metric="speedup", kind="ratio"), result(value=7)])
    }
    whole = evaluate(gold, found)
    for slot in ("metric", "kind"):
        groups = by_group(gold, found, slot)  # type: ignore[arg-type]
        for name in ("number", "core", "full"):
            total = [sum(getattr(getattr(g, name), x) for g in groups.values()) for x in ("tp", "fp", "fn")]
            counts = whole.fields[f"results.{name}"]
            assert total == [counts.tp, counts.fp, counts.fn]
    slots = by_slot(gold, found)
    assert slots["unit"].absent == 1
    assert slots["metric"].confusions == {("accuracy", "f1"): 1}
    assert {slot: s.pairs - s.right for slot, s in slots.items() if s.pairs > s.right} == dict(whole.wrong_slots)


def test_changes_between_runs() -> None:
    before = {"p": paper(results=[result(), result(value=4.0)], models=[{"name": "BERT", "parameters": None}])}
    after = {
        "p": paper(results=[result(dataset="SQuAD")], models=[{"name": "BERT", "parameters": 1e8}, {"name": "T5"}]),
        "q": paper(id="p2"),
    }
    seen = {(c.paper, c.table, c.what, c.fact): c.detail for c in changes(before, after)}
    assert seen == {
        ("p1", "results", "lost", "accuracy value 4.0"): "q",
        ("p1", "results", "changed", "accuracy value 90.0"): "dataset: None → 'SQuAD'",
        ("p1", "models", "gained", "T5"): "",
        ("p1", "models", "changed", "BERT"): "parameters: None → 100000000.0",
        ("p2", "papers", "gained", "p2"): "the whole paper",
    }
    assert not changes(after, copy.deepcopy(after))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{", "gold.jsonl:1: not a JSON object"),
        ("[1]", "not a paper in the gold format"),
        ('{"id": "x"}', "lacks results"),
    ],
)
def test_unreadable_gold_says_where(tmp_path: Path, content: str, message: str) -> None:
    path = tmp_path / "gold.jsonl"
    path.write_text(content)
    with pytest.raises(LoadError, match=message):
        load_gold(path)


def test_a_folder_without_tables_says_so(tmp_path: Path) -> None:
    with pytest.raises(LoadError, match=r"no papers\.parquet"):
        load_tables(tmp_path)
    with pytest.raises(LoadError, match="cannot be read"):
        load_gold(tmp_path / "missing.jsonl")


def _command(function: Callable[..., None], *arguments: str) -> tuple[int, str]:
    app = typer.Typer()
    app.command()(function)
    answer = CliRunner().invoke(app, list(arguments))
    return answer.exit_code, answer.output


def test_commands(tmp_path: Path) -> None:
    gold, found = tmp_path / "gold.jsonl", tmp_path / "found.jsonl"
    gold.write_text(json.dumps(paper(results=[result(), result(value=2.0)])) + "\n\n")
    found.write_text(json.dumps(paper(results=[result(metric="f1")])) + "\n")
    code, text = _command(evaluate_command, str(gold), str(found), "--by", "slot", "--errors", "9")
    assert code == 0
    assert "results.number             p 100.0  r 50.0  f1 66.7  gold 2  pred 1" in text
    assert "accuracy → f1 (1)" in text
    assert "p1  results  missed  accuracy value 2.0 | q" in text
    for by in ("metric", "kind"):
        code, text = _command(evaluate_command, str(gold), str(found), "--by", by, "--json", "--errors", "1")
        assert json.loads(text)[f"by_{by}"][0]["gold"] == 2
        assert len(json.loads(text)["errors"]) == 1
    assert _command(evaluate_command, str(gold), str(tmp_path))[0] == 2
    assert _command(evaluate_command, str(gold), str(found), "--field", "nonsense")[0] == 2
    code, text = _command(diff, str(gold), str(found))
    assert "  ~ results: f1 value 90.0 | metric: 'accuracy' → 'f1'" in text
    assert "  - results: accuracy value 2.0 | q" in text
    assert _command(diff, str(gold), str(gold)) == (0, "no differences\n")
    code, text = _command(diff, str(gold), str(found), "--json", "--limit", "1", "--field", "results")
    assert json.loads(text)["what"] in ("lost", "changed")


def _reference() -> ModuleType:
    spec = importlib.util.spec_from_file_location("reference_score", SHARED / "score" / "score.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _damaged(gold: dict[str, Facts], seed: int) -> dict[str, Facts]:
    """A prediction with every kind of error: lost, doubled, invented and garbled records, papers gone."""
    rng = random.Random(seed)
    papers = copy.deepcopy(gold)
    pools = {slot: [r[slot] for p in gold.values() for r in p["results"]] for slot in SLOTS}
    pools["value"] = [r["value"] for p in gold.values() for r in p["results"]]
    pools["value_high"] = [r["value_high"] for p in gold.values() for r in p["results"]]
    names = [r["name"] for p in gold.values() for t in ("models", "datasets", "proposed") for r in p[t]]
    for key in list(papers):
        if rng.random() < 0.03:
            del papers[key]
            continue
        p = papers[key]
        for table in ("results", "bit_widths", "models", "datasets", "proposed", "links"):
            rows = [row for row in p[table] if rng.random() > 0.15]
            rows += [copy.deepcopy(row) for row in rows if rng.random() < 0.15]
            rng.shuffle(rows)
            for row in rows:
                for extra in ("accept", "aliases", "optional"):
                    row.pop(extra, None)
                if table == "results":
                    for slot, pool in pools.items():
                        if rng.random() < 0.12:
                            row[slot] = rng.choice(pool)
                        elif isinstance(row[slot], str) and rng.random() < 0.05:
                            row[slot] = row[slot].upper() + rng.choice(["", "s", " (clean)", "-2"])
                elif "name" in row and rng.random() < 0.2:
                    row["name"] = rng.choice([row["name"].lower(), row["name"] + "s", rng.choice(names), ""])
                elif table == "bit_widths" and rng.random() < 0.3:
                    row["target"] = rng.choice(["weights", "model", "activations"])
                elif table == "links" and rng.random() < 0.3:
                    row["url"], row["owner"] = row["url"] + rng.choice(["/", "x"]), rng.choice([None, "me"])
            p[table] = rows
        if rng.random() < 0.2:
            p["tasks"] = rng.sample([*p["tasks"], "other", "agents"], rng.randint(0, 2))
        if rng.random() < 0.1:
            p["code"] = rng.choice(["none", "linked", "released", "promised"])
    return papers


@needs_shared
@pytest.mark.parametrize("name", ["hf_dev", "arxiv_dev", "train"])
def test_same_figures_as_the_reference(name: str) -> None:
    reference = _reference()
    path = GOLD / f"{name}.jsonl"
    gold = load_gold(path)
    assert gold == reference.load_gold(path)
    for seed in range(3 if name == "train" else 12):
        found = _damaged(gold, seed)
        figures, errors = reference.score(gold, found)
        evaluation = evaluate(gold, found)
        assert evaluation.to_dict() == figures
        ours = sorted((m.paper, m.field, m.what, m.text) for m in evaluation.misses)
        assert ours == sorted(tuple(error) for error in errors)
    assert evaluate(gold, gold).headline()["papers.exact"] == reference.score(gold, gold)[0]["papers.exact"]["acc"]
