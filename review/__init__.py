"""Review: drafts are submitted, sent back with a word, taken back, and published, now or on a date; and previews of them."""
