"""A month of a portal or a country as one page to send on."""
