"""The curator's bench: files in, figures judged, everything on record."""
