"""The web page "Archive": what is shown, in Arabic and English, made on the server."""
