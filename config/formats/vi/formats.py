"""Django knows the separator of Vietnamese, but not where to put it: 13.059."""

NUMBER_GROUPING = 3
