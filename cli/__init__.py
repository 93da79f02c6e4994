"""The `belfry` command: one module a group of commands, each a thin shell over core and engine.

Commands parse, call and print; what they decide lives in `belfry`, what they run lives in `engine`.
"""
