"""What every part of the API does: errors, strict parameters, pages, caching and its own description."""
