"""What a platform file can say, one module a section; `platform` puts them together. Types only.

Keys, kinds, defaults and examples stand in the annotations: reader, schema and reference follow.
They are evaluated as they stand, without `from __future__ import annotations`: reading hundreds
of them back from text would add a twelfth to every short command.
"""
