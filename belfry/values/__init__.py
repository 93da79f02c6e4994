"""Quantities and texts of the platform file, one module a kind: parsed, printed, compared.

They know nothing of files and places; what they refuse, they refuse as `Nonsense` with a remedy.
Their forms are compiled when they are first used, since every command imports all of them.
"""
