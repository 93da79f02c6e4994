"""One typed Pulumi component a file, in a folder a provider: values in, resources out.

Nothing here decides or reads from outside Pulumi; what a stack holds is decided in `belfry`.
"""
