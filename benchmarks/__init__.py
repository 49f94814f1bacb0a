"""How fast the product does its main work: ratios against a yardstick of the same run."""
