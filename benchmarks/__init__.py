"""What the site promises of its speed, measured: a generator of data, programs to compare with, and one module a goal."""
