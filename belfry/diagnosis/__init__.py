"""What a person did wrong in a file that is no YAML: the line at fault, in plain words.

A parser tells where it gave up, often far from the mistake. Nothing here decides what is YAML.
"""
