"""The core: reads a platform file, proves that it means something, compiles it into arguments.

Pure and typed: no Pulumi, no network, no process, no clock; files are read in `document` alone.
"""
