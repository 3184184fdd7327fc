"""Tasks: cues, ranks, the learned decision, and the data behind them."""

import json
from pathlib import Path

import numpy as np
import pytest

from extractor.document import Document
from extractor.passes.tasks import TaskPass
from extractor.passes.tasks.cues import TaskCues, plain
from extractor.passes.tasks.model import FEATURES, PATH, features, title_words
from extractor.rulebook import RuleSet, load_rules
from extractor.rulebook.tasks import TaskRule
from extractor.text.clean import load_cleaner

RULES = load_rules()
CLEANER = load_cleaner(RULES.table("latex"))
CUES = TaskPass(RULES, trained=False)
TRAINED = TaskPass(RULES, trained=True)
TASKS = RULES.section("tasks", TaskRule)
SHARED = Path(__file__).parent.parent.parent / "shared"


def tasks(title: str, abstract: str = "", which: TaskPass = CUES) -> list[str]:
    return [candidate.task for candidate in which(Document(title, abstract, CLEANER))]


@pytest.mark.parametrize("rule", TASKS, ids=lambda rule: rule.id)
def test_examples(rule: TaskRule) -> None:
    for example in rule.examples:
        assert tasks(example)[0] == rule.id
    for example in rule.counter_examples:
        assert rule.id not in tasks(example)


@pytest.mark.skipif(not SHARED.is_dir(), reason="the definition of the tasks is not here")
def test_all_tasks_of_the_definition() -> None:
    definition = json.loads((SHARED / "definition" / "tasks.json").read_text(encoding="utf-8"))
    assert {rule.id: rule.description for rule in TASKS} == definition


def strengths(cues: dict[str, tuple[str, ...]], title: str, abstract: str) -> tuple[float, float]:
    rule = TaskRule(id="t", description="d", examples=("x",), cues=cues)
    text = plain(f"{title}\n{abstract}".lower())
    in_title, in_abstract = TaskCues([rule]).strengths(text, len(title))
    return float(in_title[0]), float(in_abstract[0])


def test_cues_are_whole_words_in_any_spelling() -> None:
    cues = {"3": ("low rank",), "2": ("prun*",)}
    assert strengths(cues, "Low-Rank Layers", "") == (3, 0)
    assert strengths(cues, "", "A slow rank.") == (0, 0)
    assert strengths(cues, "", "Pruning (low ranks).") == (0, 5)
    assert strengths(cues, "", "Unpruned layers.") == (0, 0)


def test_a_cue_inside_a_longer_one_does_not_count() -> None:
    cues = {"4": ("speech recognition",), "1": ("recognition",)}
    assert strengths(cues, "Speech Recognition", "recognition") == (4, 1)


def test_repetition_counts_a_little() -> None:
    once, twice = (strengths({"2": ("noise",)}, "", "noise. " * n)[1] for n in (1, 2))
    assert once == 2
    assert 2 < twice < 3


@pytest.mark.parametrize("which", [CUES, TRAINED], ids=["cues", "trained"])
def test_one_to_three_with_ranks(which: TaskPass) -> None:
    document = Document(
        "Quantizing Speech Recognizers for Edge Devices",
        "We apply post-training quantization to automatic speech recognition and serve it on an FPGA. Pruning helps.",
        CLEANER,
    )
    found = which(document)
    assert 1 <= len(found) <= 3
    assert [candidate.rank for candidate in found] == list(range(1, len(found) + 1))
    assert {candidate.task for candidate in found} & {"model_quantization", "speech_recognition"}
    assert found == which(document)


@pytest.mark.parametrize("which", [CUES, TRAINED], ids=["cues", "trained"])
def test_texts_without_a_cue(which: TaskPass) -> None:
    assert tasks("", "", which) == []
    assert len(tasks("Zzz", "Qqq www.", which)) >= 1


def test_no_rules_no_tasks() -> None:
    empty = RuleSet(dict.fromkeys(RULES.sections, ()), RULES.hash, RULES.folders)
    assert tasks("Speech Recognition", "", TaskPass(empty, trained=True)) == []


def test_a_task_of_ones_own_meets_the_model() -> None:
    """A task that the model was not trained on is found by its cues."""
    rule = TaskRule(id="yodelling", description="yodels", examples=("x",), cues={"6": ("yodel*",)})
    more = RuleSet({**RULES.sections, "tasks": (*TASKS, rule)}, RULES.hash, RULES.folders)
    abstract = "We collect yodels. Yodelling is hard, and yodelling models fail."
    assert tasks("Yodelling by Machine", abstract, TaskPass(more, trained=True))[0] == "yodelling"


@pytest.mark.skipif(not PATH.is_file(), reason="no trained model here")
def test_the_model_fits_the_rules() -> None:
    with np.load(PATH, allow_pickle=False) as archive:
        assert set(archive["tasks"].tolist()) == {rule.id for rule in TASKS}
    assert PATH.stat().st_size < 2_000_000


def test_features_are_finite_and_of_fixed_number() -> None:
    zero = np.zeros(4)
    assert features(zero, zero, zero, zero).shape == (FEATURES, 4)
    assert np.isfinite(features(zero, zero, np.full(4, 50.0), np.full(4, -6.0))).all()


def test_title_words() -> None:
    assert title_words(["a", "b", "c"]) == ["a", "b", "c", "a b", "b c"]


@pytest.mark.parametrize("cues", [{"x": ("a",)}, {"1": ("A",)}, {"1": ("a*b",)}, {"1": ("a", "a")}, {"1": ("*",)}, {}])
def test_wrong_cues_are_refused(cues: dict[str, tuple[str, ...]]) -> None:
    with pytest.raises(ValueError, match="cue"):
        TaskRule(id="t", description="d", examples=("x",), cues=cues)
