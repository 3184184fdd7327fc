"""Speed, memory and start-up, beside what others need: ``python -m benchmarks``."""
