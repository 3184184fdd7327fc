"""Availability of code."""

import re

import pytest

from extractor.document import Document
from extractor.passes.code import CodePass
from extractor.passes.links import LinkPass
from extractor.rulebook import load_rules
from extractor.rulebook.availability import AvailabilityRule
from extractor.text.clean import load_cleaner

RULES = load_rules()
CLEANER = load_cleaner(RULES.table("latex"))
LINKS = LinkPass(RULES)
CODE = CodePass(RULES, LINKS)

CASES = {
    "linked": [
        "Our code is available at https://github.com/lab/tool.",
        "Code will be released at https://github.com/lab/tool.",
        "The repository is at https://github.com/lab/tool.",
        "We introduce Tool https://github.com/lab/tool, a new search method.",
        "It works. https://github.com/lab/tool",
        "Our dataset, model, and code are available at https://tool-lab.github.io.",
        "Code is available on our project page. Project page: https://tool-lab.github.io",
        "The data and analysis scripts are at https://github.com/lab/tool .",
        "We give data (https://huggingface.co/datasets/lab/a), code (https://bitbucket.org/lab/tool).",
        "Datasets and code: https://anonymous.4open.science/r/tool-11AB/.",
    ],
    "released": [
        "Code is available at GitHub.",
        "Our code and models are publicly available.",
        "We open-source our code and weights.",
        "We release the tasks, code, and tooling to help others.",
        "A JAX implementation of our models has been open sourced.",
        "We make our code and quantized models publicly available.",
        "Finally, by releasing our code we hope to help.",
        "We present RapidTok, an open-source library for tokenisation.",
        "RapidTok is released under the AGPL-3.0 license.",
        "Our code is available at this https URL.",
        "We have open-sourced the training code.",
        "The pipeline, the cards and the harness are released.",
        "We release RapidTok as open infrastructure for research.",
    ],
    "promised": [
        "Code will be made publicly available.",
        "We will release the code.",
        "Our codes and models will be made available.",
        "Code is to be released upon acceptance.",
        "We plan to open-source our design.",
        "We will be releasing the models along with our inference kernels.",
        "Source code coming soon.",
    ],
    "none": [
        "We plan to publish our benchmark.",
        "The dataset is publicly available.",
        "We open-source our models.",
        "Our dataset is available at https://github.com/lab/data.",
        "Project page is available at https://tool-lab.github.io.",
        "We evaluate open-source code LLMs on publicly available benchmarks.",
        "Only a few samples are available, which makes code generation hard.",
        "For more information, visit the project website: https://github.com/lab/lab.github.io.",
        "Demos are available at https://tool-lab.github.io",
        "We provide an implementation that enables a marketplace.",
        "Binary hash codes are learned and made available to the decoder.",
        "We release the benchmark of 14 datasets at https://github.com/lab/tool, which helps.",
        "",
    ],
}


@pytest.mark.parametrize(("status", "text"), [(status, text) for status in CASES for text in CASES[status]])
def test_status(status: str, text: str) -> None:
    document = Document("A Study of Things", text, CLEANER)
    candidate = CODE(document, LINKS(document))
    assert candidate.code == status
    assert (candidate.start is None) == (status == "none")


def test_a_release_wins_over_a_promise() -> None:
    document = Document("T", "The models will be released with our code. Our code is available.", CLEANER)
    assert CODE(document, []).code == "released"


RULE_CASES = RULES.section("code", AvailabilityRule)


@pytest.mark.parametrize("rule", RULE_CASES, ids=lambda rule: rule.id)
def test_examples(rule: AvailabilityRule) -> None:
    pattern = re.compile(rule.pattern)
    for example in rule.examples:
        match = pattern.search(example.lower())
        assert match is not None, example
        assert any(literal in match[0] for literal in rule.literals), example
    for example in rule.counter_examples:
        assert pattern.search(example.lower()) is None, example
