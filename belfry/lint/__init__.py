"""What is right and still bad: rules that never fire, always fire, or tell nobody anything.

Here live the checks of `belfry lint`, over Prometheus' rule files of any origin and over what a
platform compiles to; what PromQL means is `belfry.expressions`'. Nothing here reads files.
"""
