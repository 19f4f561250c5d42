"""Who may sign in and how, and what they may do: throttling, second factor, sessions, groups, and the log of all that.

The admin site (`config/admin.py`) builds on it; nothing else imports it.
"""
