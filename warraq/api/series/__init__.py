"""How often terms are written about, with what of each period is archived."""
