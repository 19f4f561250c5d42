from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    # These tables were made in the app `directory`, by migrations that databases of that time have in django_migrations.
    replaces = [
        ('directory', '0002_content_version'),
        ('directory', '0003_change_feed'),
    ]

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='OpenWrite',
            fields=[
                ('transaction', models.BigIntegerField(primary_key=True, serialize=False)),
                ('writes', models.IntegerField()),
                ('closing', models.BooleanField()),
            ],
            options={
                'db_table': 'directory_openwrite',
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='Change',
            fields=[
                ('position', models.BigIntegerField(primary_key=True, serialize=False)),
                ('at', models.DateTimeField()),
                ('action', models.CharField(choices=[('created', 'created'), ('changed', 'changed'), ('renamed', 'renamed'), ('merged', 'merged'), ('withdrawn', 'withdrawn'), ('deleted', 'deleted')], max_length=10)),
                ('kind', models.CharField(max_length=20)),
                ('slug', models.CharField(max_length=100)),
                ('former_slug', models.CharField(blank=True, max_length=100)),
                ('reason', models.TextField(blank=True)),
            ],
            options={
                'db_table': 'directory_change',
                'ordering': ['position'],
                'default_permissions': (),
                'constraints': [models.CheckConstraint(condition=models.Q(('action__in', ['created', 'changed', 'renamed', 'merged', 'withdrawn', 'deleted'])), name='change_action_known')],
            },
        ),
        migrations.CreateModel(
            name='ContentVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.BigIntegerField()),
            ],
            options={
                'db_table': 'directory_contentversion',
                'default_permissions': (),
                'constraints': [models.CheckConstraint(condition=models.Q(('id', 1)), name='content_version_is_one_row')],
            },
        ),
        migrations.CreateModel(
            name='FeedState',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('last', models.BigIntegerField(default=0)),
                ('pruned', models.BigIntegerField(default=0)),
            ],
            options={
                'db_table': 'directory_feedstate',
                'default_permissions': (),
                'constraints': [models.CheckConstraint(condition=models.Q(('id', 1)), name='feed_state_is_one_row')],
            },
        ),
        migrations.CreateModel(
            name='KnownRecord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=20)),
                ('record', models.BigIntegerField()),
                ('slug', models.CharField(max_length=100)),
                ('public', models.BooleanField()),
                ('document', models.CharField(max_length=64)),
                ('face', models.CharField(max_length=64)),
            ],
            options={
                'db_table': 'directory_knownrecord',
                'default_permissions': (),
                'indexes': [models.Index(fields=['kind', 'slug'], name='known_record_slug')],
                'constraints': [models.UniqueConstraint(fields=('kind', 'record'), name='known_record_once')],
            },
        ),
        migrations.CreateModel(
            name='TouchedRow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('relation', models.CharField(max_length=63)),
                ('row_id', models.BigIntegerField(null=True)),
            ],
            options={
                'db_table': 'directory_touchedrow',
                'default_permissions': (),
                'indexes': [models.Index(fields=['relation', 'row_id'], name='touched_row')],
            },
        ),
    ]
