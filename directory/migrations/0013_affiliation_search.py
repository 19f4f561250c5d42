"""Positions are found by their roles: a search column with its index."""

import django.contrib.postgres.indexes
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("directory", "0012_source_compared_on")]

    operations = [
        migrations.AddField(
            model_name="affiliation",
            name="search",
            field=models.TextField(default="", editable=False, serialize=False),
        ),
        migrations.AddIndex(
            model_name="affiliation",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["search"], name="affiliation_search", opclasses=["gin_trgm_ops"]
            ),
        ),
    ]
