"""How fast the product does its main work: ratios against a yardstick of the same run."""

import warnings

# The embedded PostgreSQL asks for a folder that it does not need.
warnings.filterwarnings("ignore", message="XDG_RUNTIME_DIR is not set")
