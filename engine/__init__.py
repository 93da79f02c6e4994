"""Running Pulumi: binaries, the language host, stand-in provider plugins, stacks.

Whatever starts a process or talks to Pulumi's engine lives here; what a stack holds is decided
elsewhere.
"""
