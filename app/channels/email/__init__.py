"""Mail: reads what arrived without trusting it, writes what leaves so that answers find back."""
