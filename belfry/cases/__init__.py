"""The histories that prove rules, compiled for those who judge them.

Here lives what turns a case into series and a rule into something that can be tried on them; who
runs Prometheus on it is the tests' matter.
"""
