"""A payment provider in process, which the installed stripe library itself specifies.

Shapes and checks come from the library (`library`, `shapes`, `requests`); what the server would
compute is ours (one module per resource); `simulator` matches a request with both.
"""
