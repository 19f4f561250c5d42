"""The API of people, organizations, initiatives, sources and topics."""
