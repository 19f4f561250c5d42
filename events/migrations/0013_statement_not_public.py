from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("events", "0012_translations")]

    operations = [
        migrations.AddIndex(
            model_name="statement",
            index=models.Index(
                condition=models.Q(("status", "published"), _negated=True),
                fields=["status"],
                name="statement_not_public",
            ),
        ),
    ]
