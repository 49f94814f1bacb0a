"""The steps that open a client, each in a transaction of its own.

A step makes sure of something and may run twice: what is there already is left as it is. The
workspace comes first, then the contract, because whatever is added later asks it for its limits.
"""
