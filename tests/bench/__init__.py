"""Benchmarks: `python -m tests.bench NAME`; each module has `main() -> dict`, printed as JSON on the last line."""
