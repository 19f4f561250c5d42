"""Programs to compare with, over the same database: a bare driver, stock Django REST framework, Datasette."""
