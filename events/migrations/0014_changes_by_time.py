from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('base', '0006_form_drafts'),
        ('directory', '0014_changes_by_time'),
        ('events', '0013_statement_not_public'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name='historicalevent',
            index=models.Index(condition=models.Q(('history_type', '+'), _negated=True), fields=['history_date', 'history_id'], name='event_changed'),
        ),
        migrations.AddIndex(
            model_name='historicaleventdescription',
            index=models.Index(condition=models.Q(('history_type', '+'), _negated=True), fields=['history_date', 'history_id'], name='eventdescription_changed'),
        ),
        migrations.AddIndex(
            model_name='historicaleventinitiative',
            index=models.Index(condition=models.Q(('history_type', '+'), _negated=True), fields=['history_date', 'history_id'], name='eventinitiative_changed'),
        ),
        migrations.AddIndex(
            model_name='historicaleventname',
            index=models.Index(condition=models.Q(('history_type', '+'), _negated=True), fields=['history_date', 'history_id'], name='eventname_changed'),
        ),
        migrations.AddIndex(
            model_name='historicaleventorganization',
            index=models.Index(condition=models.Q(('history_type', '+'), _negated=True), fields=['history_date', 'history_id'], name='eventorganization_changed'),
        ),
        migrations.AddIndex(
            model_name='historicaleventpart',
            index=models.Index(condition=models.Q(('history_type', '+'), _negated=True), fields=['history_date', 'history_id'], name='eventpart_changed'),
        ),
        migrations.AddIndex(
            model_name='historicalparticipation',
            index=models.Index(condition=models.Q(('history_type', '+'), _negated=True), fields=['history_date', 'history_id'], name='participation_changed'),
        ),
        migrations.AddIndex(
            model_name='historicalstatement',
            index=models.Index(condition=models.Q(('history_type', '+'), _negated=True), fields=['history_date', 'history_id'], name='statement_changed'),
        ),
        migrations.AddIndex(
            model_name='historicalwording',
            index=models.Index(condition=models.Q(('history_type', '+'), _negated=True), fields=['history_date', 'history_id'], name='wording_changed'),
        ),
    ]
