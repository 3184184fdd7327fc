"""The batch run: records in, tables out. :func:`~extractor.run.core.extract_batches` is its core."""
