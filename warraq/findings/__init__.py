"""What the numbers and the end of a run say: too few by chance or not, and why nothing came."""
