"""The demo portal's HTTP, faults included."""
