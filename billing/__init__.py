"""How it is paid: tiers, contracts, entitlements, service states, gateways.

Downward only: webhooks, sandbox -> events -> checkout -> gateways -> stripe_gateway, simulator;
enforcement -> contracts -> tiers -> entitlements. Whoever talks to a payment provider opens a
gateway; whoever adds something a tier limits asks `enforcement.require` first.
"""
