"""Figures on quality that are counted beforehand: of kinds with too many rows to be counted while a reader waits."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class KeptFigure(models.Model):
    """What a check last found in a kind of row. Written by `count_quality` alone.

    `rows` holds the keys of the first rows it found, as many as pages count, in order.
    """

    is_content: ClassVar[bool] = True  # readers see it: a new count is another page of data

    check_key = models.CharField(max_length=40)
    kind = models.CharField(max_length=100)  # the label of the model: "events.Statement"
    count = models.BigIntegerField()
    total = models.BigIntegerField()
    rows = models.JSONField(default=list)
    counted_at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["check_key", "kind"], name="kept_figure_once")]

    def __str__(self) -> str:
        return f"{self.check_key} {self.kind}"
