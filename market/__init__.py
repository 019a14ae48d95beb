"""What the market pays."""
