"""The API of events and statements."""
