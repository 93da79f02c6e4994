"""What Prometheus is told: rule files, and the configuration that loads them.

Text with stable bytes. Here lives nothing that decides when a rule fires: `belfry.promql` says it.
"""

from belfry.prometheus.files import prometheus_files

__all__ = ["prometheus_files"]
