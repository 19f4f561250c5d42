
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('directory', '0003_change_feed'),
        ('events', '0001_initial'),
    ]

    operations = [
        migrations.AlterField(
            model_name='statement',
            name='event',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='statements', to='events.event', verbose_name='event'),
        ),
        migrations.AlterField(
            model_name='statement',
            name='on_behalf_of',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='statements_on_behalf', to='directory.organization', verbose_name='on behalf of'),
        ),
        migrations.AlterField(
            model_name='statement',
            name='speaker',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='statements', to='directory.person', verbose_name='speaker'),
        ),
        migrations.AlterField(
            model_name='statement',
            name='speaker_organization',
            field=models.ForeignKey(blank=True, db_index=False, help_text='Where the source lets a body speak and no person.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='statements', to='directory.organization', verbose_name='organization speaking'),
        ),
        migrations.AddIndex(
            model_name='statement',
            index=models.Index(fields=['sort_date', 'id'], name='statement_date'),
        ),
        migrations.AddIndex(
            model_name='statement',
            index=models.Index(fields=['updated_at', 'id'], name='statement_updated'),
        ),
        migrations.AddIndex(
            model_name='statement',
            index=models.Index(fields=['speaker', '-sort_date', 'position', 'id'], name='statement_speaker_order'),
        ),
        migrations.AddIndex(
            model_name='statement',
            index=models.Index(fields=['speaker_organization', '-sort_date', 'position', 'id'], name='statement_body_order'),
        ),
        migrations.AddIndex(
            model_name='statement',
            index=models.Index(fields=['on_behalf_of', '-sort_date', 'position', 'id'], name='statement_behalf_order'),
        ),
        migrations.AddIndex(
            model_name='statement',
            index=models.Index(fields=['event', '-sort_date', 'position', 'id'], name='statement_event_order'),
        ),
        migrations.AddIndex(
            model_name='statement',
            index=models.Index(fields=['statement_kind', '-sort_date', 'position', 'id'], name='statement_kind_order'),
        ),
        migrations.AddIndex(
            model_name='statement',
            index=models.Index(fields=['certainty', '-sort_date', 'position', 'id'], name='statement_certainty_order'),
        ),
    ]
