"""An example of every command: printed below its help, listed in docs/cli.md, run by the tests in this order.

They run in a folder that holds ``papers.jsonl`` and ``gold.jsonl``, the same papers labelled.
"""

from __future__ import annotations

EXAMPLES: dict[str, tuple[str, ...]] = {
    "run": ("extractor run papers.jsonl -o out", "extractor run papers.jsonl -o out-rules --no-ner --limit 4 --quiet"),
    "explain": (
        'extractor explain --text "GlyphNet is 2x faster than BERT in 2024."',
        "extractor explain out --id 2 --json",
    ),
    "report": ("extractor report out -o report.html",),
    "merge": ("extractor merge out out-rules -o all",),
    "export": (
        "extractor export all --to pwc -o evaluation-tables.json",
        "extractor export all --to jsonl -o papers-with-facts.jsonl",
        "extractor export all --to duckdb -o facts.duckdb",
    ),
    "diff": ("extractor diff out-rules out --field results --limit 10",),
    "schema": ("extractor schema results", "extractor schema --format json-schema links"),
    "init-rules": ("extractor init-rules my-rules",),
    "rules check": ("extractor rules check my-rules",),
    "rules list": ("extractor rules list metrics --rules my-rules",),
    "evaluate": ("extractor evaluate gold.jsonl out --by metric --errors 20 --field results",),
}


def epilog(command: str) -> str | None:
    """Return the examples of a command as a paragraph that is not wrapped, None if it has none."""
    examples = EXAMPLES.get(command)
    return (
        "\n".join(["\b", "Examples:" if len(examples) > 1 else "Example:", *(f"  {e}" for e in examples)])
        if examples
        else None
    )
