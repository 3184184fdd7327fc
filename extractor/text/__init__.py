"""Text as the passes read it: LaTeX undone, sentences found, every offset leading back to the text as given."""
