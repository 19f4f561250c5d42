"""What the rules of proposals need for English alone: names, bodies, roles, and who says what."""
