"""Components over Grafana's provider, and the provider itself.

The only folder that may import `pulumiverse_grafana`.
"""
