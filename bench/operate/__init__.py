"""What operators depend on, measured: false and missed alarms, and the time of coverage and page."""
