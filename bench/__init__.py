"""Figures: each a ratio against something real, measured side by side on the machine that runs it.

Nothing here is a test and nothing asserts a time; `docs/figures.md` holds the last published run.
"""
