"""Rules are data: ``rules/*.toml``, loaded explicitly, validated, hashed, linted."""

from extractor.rulebook.load import RuleError, RuleSet, default_rules_dir, load_rules

__all__ = ["RuleError", "RuleSet", "default_rules_dir", "load_rules"]
