"""The demo portal's articles, and the truth about them."""
