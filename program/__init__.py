"""The Pulumi program's shell: stack config in, secrets resolved, components registered.

Only `__main__.py` uses it; nothing is decided here about what a stack holds.
"""
