"""How figures look, are typed, and are drawn: the one voice of every page for numbers.

`amounts` and `charts` are pure. `tags` and `fields` are the doors that Django needs.
"""
