"""Attack by others' tools: `make attack` lets wapiti and sqlmap loose on a demo of their own, and tells what they found.

They live in a virtual environment of their own (requirements-attack.txt): nothing of the portal depends on them.
"""
