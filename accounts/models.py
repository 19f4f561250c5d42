"""No tables: accounts, groups, devices and sign-ins are those of Django, django-otp and django-axes.

Django tells only apps with this module that migrations are done, which `accounts/apps.py` waits for.
"""
