"""Which sections the rule book has: the name of a file (or folder) under ``rules/`` and the shape of its rules.

``rules/<section>.toml`` and ``rules/<section>/*.toml`` hold arrays of ``[[rule]]`` tables of that shape.
"""

from __future__ import annotations

from extractor.rulebook.base import Rule

SECTIONS: dict[str, type[Rule]] = {}
