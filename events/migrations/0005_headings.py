
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('directory', '0005_lists_in_order'),
        ('events', '0004_kept_figures'),
    ]

    operations = [
        migrations.CreateModel(
            name='Heading',
            fields=[
                ('relation', models.SmallIntegerField()),
                ('target', models.BigIntegerField()),
                ('pk', models.CompositePrimaryKey('statement', 'relation', 'target', blank=True, editable=False, primary_key=True, serialize=False)),
                ('sort_date', models.DateField()),
                ('position', models.IntegerField()),
                ('statement', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='headings', to='events.statement')),
            ],
            options={
                'default_permissions': (),
                'indexes': [models.Index(fields=['relation', 'target', '-sort_date', 'position', 'statement'], name='heading_order')],
            },
        ),
        # SQLite would remake the table, and with it every index and the index of trigrams: minutes, for one index less.
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    model_name='statement',
                    name='merged_into',
                    field=models.ForeignKey(blank=True, db_index=False, help_text='Where this address leads now, if the record turned out to be a double.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='merged_from', to='events.statement', verbose_name='merged into'),
                ),
            ],
            database_operations=[
                migrations.RunSQL(
                    'DROP INDEX IF EXISTS "events_statement_merged_into_id_cb297efa"',
                    'CREATE INDEX "events_statement_merged_into_id_cb297efa" ON "events_statement" ("merged_into_id")',
                ),
            ],
        ),
        migrations.AddIndex(
            model_name='statement',
            index=models.Index(condition=models.Q(('merged_into__isnull', False)), fields=['merged_into'], name='statement_merged'),
        ),
    ]
