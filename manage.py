#!/usr/bin/env python
"""Django's command line for On the Record."""

import os
import sys

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from django.core.management import execute_from_command_line
    from django.db import DatabaseError

    from base.sql.damage import HOW_TO_RESTORE, is_damage

    try:
        execute_from_command_line(sys.argv)
    except DatabaseError as error:
        if not is_damage(error):
            raise
        sys.exit(f"The file of the database is damaged: {error}. {HOW_TO_RESTORE}")
