"""What people see: every screen as a card, text with buttons, independent of how it is sent."""
