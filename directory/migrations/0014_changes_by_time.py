from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('base', '0006_form_drafts'),
        ('directory', '0013_affiliation_search'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name='historicalaffiliation',
            index=models.Index(condition=models.Q(('history_type', '+'), _negated=True), fields=['history_date', 'history_id'], name='affiliation_changed'),
        ),
        migrations.AddIndex(
            model_name='historicalinitiative',
            index=models.Index(condition=models.Q(('history_type', '+'), _negated=True), fields=['history_date', 'history_id'], name='initiative_changed'),
        ),
        migrations.AddIndex(
            model_name='historicalinitiativedescription',
            index=models.Index(condition=models.Q(('history_type', '+'), _negated=True), fields=['history_date', 'history_id'], name='initiativedescription_changed'),
        ),
        migrations.AddIndex(
            model_name='historicalinitiativename',
            index=models.Index(condition=models.Q(('history_type', '+'), _negated=True), fields=['history_date', 'history_id'], name='initiativename_changed'),
        ),
        migrations.AddIndex(
            model_name='historicalinitiativeorganization',
            index=models.Index(condition=models.Q(('history_type', '+'), _negated=True), fields=['history_date', 'history_id'], name='initiativeorganization_changed'),
        ),
        migrations.AddIndex(
            model_name='historicalinitiativepart',
            index=models.Index(condition=models.Q(('history_type', '+'), _negated=True), fields=['history_date', 'history_id'], name='initiativepart_changed'),
        ),
        migrations.AddIndex(
            model_name='historicalorganization',
            index=models.Index(condition=models.Q(('history_type', '+'), _negated=True), fields=['history_date', 'history_id'], name='organization_changed'),
        ),
        migrations.AddIndex(
            model_name='historicalorganizationlink',
            index=models.Index(condition=models.Q(('history_type', '+'), _negated=True), fields=['history_date', 'history_id'], name='organizationlink_changed'),
        ),
        migrations.AddIndex(
            model_name='historicalorganizationname',
            index=models.Index(condition=models.Q(('history_type', '+'), _negated=True), fields=['history_date', 'history_id'], name='organizationname_changed'),
        ),
        migrations.AddIndex(
            model_name='historicalpassage',
            index=models.Index(condition=models.Q(('history_type', '+'), _negated=True), fields=['history_date', 'history_id'], name='passage_changed'),
        ),
        migrations.AddIndex(
            model_name='historicalperson',
            index=models.Index(condition=models.Q(('history_type', '+'), _negated=True), fields=['history_date', 'history_id'], name='person_changed'),
        ),
        migrations.AddIndex(
            model_name='historicalpersonname',
            index=models.Index(condition=models.Q(('history_type', '+'), _negated=True), fields=['history_date', 'history_id'], name='personname_changed'),
        ),
        migrations.AddIndex(
            model_name='historicalsource',
            index=models.Index(condition=models.Q(('history_type', '+'), _negated=True), fields=['history_date', 'history_id'], name='source_changed'),
        ),
        migrations.AddIndex(
            model_name='historicaltopic',
            index=models.Index(condition=models.Q(('history_type', '+'), _negated=True), fields=['history_date', 'history_id'], name='topic_changed'),
        ),
        migrations.AddIndex(
            model_name='historicaltopicname',
            index=models.Index(condition=models.Q(('history_type', '+'), _negated=True), fields=['history_date', 'history_id'], name='topicname_changed'),
        ),
    ]
