"""What a platform file can say, one module a section; `platform` puts them together. Types only.

Keys, kinds, defaults and examples stand in the annotations: reader, schema and reference follow.
"""
