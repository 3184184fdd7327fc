"""Coverage-guided fuzzing of readers and passes: see ``target``."""
