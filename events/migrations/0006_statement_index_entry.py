import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Calls the model of the list index by its name. The table keeps its own, so nothing is done in the database."""

    dependencies = [
        ('events', '0001_squashed_0005_headings'),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RenameModel('Heading', 'StatementIndexEntry'),
                migrations.AlterModelTable('StatementIndexEntry', 'events_heading'),
                migrations.AlterField(
                    model_name='statementindexentry',
                    name='statement',
                    field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='index_entries', to='events.statement'),
                ),
            ],
        ),
    ]
