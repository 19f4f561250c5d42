"""The network: the facts that link records (`ties`), nodes and edges (`graph`), the picture (`pictures`, `layout`, `labels`), what statements say (`spoken`), the lists (`sections`)."""
