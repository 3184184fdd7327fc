"""The commands behind ``extractor``, each a thin layer over library functions."""
