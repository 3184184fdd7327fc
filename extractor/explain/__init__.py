"""Why: the facts of one paper over its text, and for each other number the reason why it is no result."""

from extractor.explain.html import to_html
from extractor.explain.numbers import Explanation, OtherNumber, explain
from extractor.explain.terminal import print_explanation

__all__ = ["Explanation", "OtherNumber", "explain", "print_explanation", "to_html"]
