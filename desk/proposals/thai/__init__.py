"""What the rules of proposals need for Thai alone: names, bodies, roles, and who says what."""
