"""The parts of Grafana's HTTP API that a monitoring stack needs, with its codes and refusals.

Nothing is drawn and no rule is evaluated: objects are kept, checked and told again.
"""
