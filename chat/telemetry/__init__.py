"""What became of each call of a model, for those who run Easel: a log line, spans, figures.

Knows the values of the core and no turn, no provider and no page.
"""
