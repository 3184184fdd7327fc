"""Results: numbers bound to metric, kind, direction, data set, system and baseline."""
