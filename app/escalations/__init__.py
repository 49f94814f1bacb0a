"""Escalations: from the L1 pool to a client's pod, with everything the pod needs to know."""
