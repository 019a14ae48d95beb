"""What to ask for next. Its rooms are built with the negotiation issue."""
