"""Quantities and texts of the platform file, one module a kind: parsed, printed, compared.

They know nothing of files and places; what they refuse, they refuse as `Nonsense` with a remedy.
"""
