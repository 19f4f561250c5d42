"""The network: which facts link records (ties), what is linked (graph), and where it is drawn (layout)."""
