"""Load a rule book from folders of TOML files."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar, cast

from pydantic import ValidationError

from extractor.rulebook.base import Rule
from extractor.rulebook.sections import SECTIONS

R = TypeVar("R", bound=Rule)
TABLES = ("latex",)  # plain tables, not rules


class RuleError(ValueError):
    """A rule file that cannot be used; the message names file, rule and field."""


@dataclass(frozen=True)
class RuleSet:
    """An immutable rule book. ``hash`` is a content hash (sha256, hex) over all files, independent of their place."""

    sections: dict[str, tuple[Rule, ...]]
    hash: str
    folders: tuple[Path, ...]

    def section(self, name: str, shape: type[R]) -> tuple[R, ...]:
        """Return the rules of a section, in the order of files and rules."""
        return cast("tuple[R, ...]", self.sections.get(name, ()))

    def table(self, name: str) -> Path:
        """Return the path of a plain table (``latex``); the last folder that has it wins."""
        for folder in reversed(self.folders):
            if (path := folder / f"{name}.toml").is_file():
                return path
        raise RuleError(f"no {name}.toml in {', '.join(map(str, self.folders))}")


def default_rules_dir() -> Path:
    """Return the folder of the shipped rules: inside the wheel, or ``rules/`` of a source tree."""
    inside = Path(__file__).parent.parent / "_rules"
    return inside if inside.is_dir() else Path(__file__).parent.parent.parent / "rules"


def load_rules(*folders: Path | str) -> RuleSet:
    """Load the shipped rules and then ``folders``; a rule of the same id replaces an earlier one.

    Raises:
        RuleError: a folder is missing, a file is no TOML, a rule has a wrong or missing field, an id occurs twice
            in one folder.
    """
    return _load(default_rules_dir(), *map(Path, folders))


def _load(*folders: Path) -> RuleSet:
    merged: dict[str, dict[str, Rule]] = {name: {} for name in SECTIONS}
    digest = hashlib.sha256()
    for folder in folders:
        if not folder.is_dir():
            raise RuleError(f"{folder}: no such rules folder")
        seen: dict[tuple[str, str], Path] = {}
        for path in sorted(folder.rglob("*.toml")):
            relative = path.relative_to(folder)
            content = path.read_bytes()
            digest.update(relative.as_posix().encode() + b"\0" + content + b"\0")
            section = relative.parts[0].removesuffix(".toml")
            if section in TABLES:
                continue
            if section not in SECTIONS:
                raise RuleError(f"{path}: no section {section!r}; sections are {', '.join(sorted(SECTIONS))}")
            for rule in _read_file(path, content, SECTIONS[section]):
                key = (section, rule.id)
                if key in seen:
                    raise RuleError(f"{path}: rule {rule.id!r} is already defined in {seen[key]}")
                seen[key] = path
                merged[section][rule.id] = rule
    return RuleSet({name: tuple(rules.values()) for name, rules in merged.items()}, digest.hexdigest(), tuple(folders))


def _read_file(path: Path, content: bytes, shape: type[Rule]) -> Sequence[Rule]:
    try:
        data = tomllib.loads(content.decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise RuleError(f"{path}: not readable as TOML: {error}") from error
    unknown = sorted(set(data) - {"rule"})
    if unknown:
        raise RuleError(f"{path}: only [[rule]] tables may stand here, not {', '.join(unknown)}")
    rules: list[Rule] = []
    for number, raw in enumerate(data.get("rule", []), 1):
        try:
            rules.append(shape.model_validate(raw))
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(map(str, first["loc"])) or "rule"
            raise RuleError(
                f"{path}: rule {raw.get('id', f'number {number}')!r}, field {where}: {first['msg']}"
            ) from error
    return rules
