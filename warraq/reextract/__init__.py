"""Today's rules over yesterday's bytes."""
