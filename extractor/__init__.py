"""Facts out of machine-learning titles and abstracts."""

__version__ = "0.1.0"
