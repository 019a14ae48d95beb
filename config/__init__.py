"""The shell of the house: settings, addresses, processes."""
