"""How dates and numbers are written in Vietnamese, where Django's own formats do not fit.

Django writes “Ngày 05 tháng 11”, with a capital letter and a zero, though a date mostly stands inside a sentence; and it knows the
separator of thousands, but not where to put it: 13.059.
"""

DATE_FORMAT = r"\n\g\à\y j \t\h\á\n\g n \n\ă\m Y"
DATETIME_FORMAT = rf"H:i {DATE_FORMAT}"
NUMBER_GROUPING = 3
