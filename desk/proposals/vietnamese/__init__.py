"""What the rules of proposals need for Vietnamese alone: names, bodies, roles, and who says what."""
