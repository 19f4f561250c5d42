"""The network: the facts that link records (`ties`), nodes and edges (`graph`), the picture (`layout`), the lists (`sections`)."""
