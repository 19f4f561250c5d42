from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('base', '0006_form_drafts'),
        ('reports', '0002_change_sets'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name='historicalreport',
            index=models.Index(condition=models.Q(('history_type', '+'), _negated=True), fields=['history_date', 'history_id'], name='report_changed'),
        ),
    ]
