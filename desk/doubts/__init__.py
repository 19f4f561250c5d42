"""What of the records is in doubt: facts that contradict each other, doubtful rows, possible doubles, passages that changed.

`conflicts` finds what contradicts each other, `kinds` lists every kind of doubt, `sides` shows what speaks for which, `answers`
settles a doubt.
"""
