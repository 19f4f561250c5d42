import base.records.translations
import base.text.language_tags
import base.text.names
import django.db.models.deletion
import django.db.models.functions.comparison
import simple_history.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('base', '0006_form_drafts'),
        ('directory', '0014_changes_by_time'),
        ('events', '0014_changes_by_time'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='HistoricalStatementRelation',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('text_language', base.text.language_tags.LanguageField(default='en', help_text='In which language you wrote the texts of this row, such as its note.', max_length=35, verbose_name='language of our texts')),
                ('translations', base.records.translations.TranslationsField(blank=True, default=dict, help_text='The same texts in the other languages of the site.', verbose_name='translations')),
                ('certainty', models.CharField(choices=[('stated', 'stated'), ('inferred', 'inferred'), ('disputed', 'disputed'), ('rejected', 'rejected')], default='stated', help_text='Stated: the passage says it. Inferred: you concluded it. Disputed: passages contradict each other. Rejected: a reading that other passages overrule, kept so that readers see both.', max_length=10, verbose_name='certainty')),
                ('note', models.TextField(blank=True, help_text='Why it is inferred, disputed or rejected; any doubt a reader should know.', verbose_name='note')),
                ('uid', models.CharField(db_index=True, default=base.text.names.new_uid, editable=False, help_text='Permanent, for programs.', max_length=80, verbose_name='identity')),
                ('status', models.CharField(choices=[('draft', 'draft'), ('published', 'published'), ('withdrawn', 'withdrawn')], default='published', max_length=10, verbose_name='status')),
                ('kind', models.CharField(choices=[('same_claim', 'same claim'), ('contradicts', 'contradiction')], default='same_claim', help_text='Same claim: both say it, whoever speaks, even if one of them says more. Contradiction: both cannot be true. The note says what they share and where they differ.', max_length=20, verbose_name='relation')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('change_set', models.ForeignKey(db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='base.changeset')),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('other', models.ForeignKey(blank=True, db_constraint=False, help_text='Enough at one of the two: both pages show it.', null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='events.statement', verbose_name='other statement')),
                ('statement', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='events.statement', verbose_name='statement')),
            ],
            options={
                'verbose_name': 'historical relation between statements',
                'verbose_name_plural': 'historical relations between statements',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='StatementRelation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text_language', base.text.language_tags.LanguageField(default='en', help_text='In which language you wrote the texts of this row, such as its note.', max_length=35, verbose_name='language of our texts')),
                ('translations', base.records.translations.TranslationsField(blank=True, default=dict, help_text='The same texts in the other languages of the site.', verbose_name='translations')),
                ('certainty', models.CharField(choices=[('stated', 'stated'), ('inferred', 'inferred'), ('disputed', 'disputed'), ('rejected', 'rejected')], default='stated', help_text='Stated: the passage says it. Inferred: you concluded it. Disputed: passages contradict each other. Rejected: a reading that other passages overrule, kept so that readers see both.', max_length=10, verbose_name='certainty')),
                ('note', models.TextField(blank=True, help_text='Why it is inferred, disputed or rejected; any doubt a reader should know.', verbose_name='note')),
                ('uid', models.CharField(default=base.text.names.new_uid, editable=False, help_text='Permanent, for programs.', max_length=80, unique=True, verbose_name='identity')),
                ('status', models.CharField(choices=[('draft', 'draft'), ('published', 'published'), ('withdrawn', 'withdrawn')], default='published', max_length=10, verbose_name='status')),
                ('kind', models.CharField(choices=[('same_claim', 'same claim'), ('contradicts', 'contradiction')], default='same_claim', help_text='Same claim: both say it, whoever speaks, even if one of them says more. Contradiction: both cannot be true. The note says what they share and where they differ.', max_length=20, verbose_name='relation')),
                ('other', models.ForeignKey(help_text='Enough at one of the two: both pages show it.', on_delete=django.db.models.deletion.CASCADE, related_name='relations_from_others', to='events.statement', verbose_name='other statement')),
                ('passages', models.ManyToManyField(blank=True, help_text='Where the source says so. A stated fact needs at least one.', related_name='%(class)s_rows', to='directory.passage', verbose_name='passages')),
                ('statement', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='relations', to='events.statement', verbose_name='statement')),
            ],
            options={
                'verbose_name': 'relation between statements',
                'verbose_name_plural': 'relations between statements',
                'ordering': ['kind', 'uid'],
                'abstract': False,
                'default_permissions': ('view', 'add', 'change', 'delete', 'publish'),
            },
        ),
        migrations.CreateModel(
            name='HistoricalStatementRelation_passages',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('m2m_history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, to='events.historicalstatementrelation')),
                ('passage', models.ForeignKey(blank=True, db_constraint=False, db_tablespace='', null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='directory.passage')),
                ('statementrelation', models.ForeignKey(blank=True, db_constraint=False, db_tablespace='', null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='events.statementrelation')),
            ],
            options={
                'verbose_name': 'HistoricalStatementRelation_passages',
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.AddIndex(
            model_name='historicalstatementrelation',
            index=models.Index(condition=models.Q(('history_type', '+'), _negated=True), fields=['history_date', 'history_id'], name='statementrelation_changed'),
        ),
        migrations.AddConstraint(
            model_name='statementrelation',
            constraint=models.CheckConstraint(condition=models.Q(('certainty', 'stated'), models.Q(('note', ''), _negated=True), _connector='OR'), name='events_statementrelation_doubt_says_why', violation_error_message='Say in the note why this is inferred, disputed or rejected.'),
        ),
        migrations.AddConstraint(
            model_name='statementrelation',
            constraint=models.CheckConstraint(condition=models.Q(('certainty__in', ['stated', 'inferred', 'disputed', 'rejected'])), name='events_statementrelation_certainty_known', violation_error_message='Certainty is stated, inferred, disputed or rejected.'),
        ),
        migrations.AddConstraint(
            model_name='statementrelation',
            constraint=models.UniqueConstraint(django.db.models.functions.comparison.Least('statement', 'other'), django.db.models.functions.comparison.Greatest('statement', 'other'), models.F('kind'), name='statement_relation_once', violation_error_message='This is already recorded, here or at the other statement; add the passage to that row.'),
        ),
        migrations.AddConstraint(
            model_name='statementrelation',
            constraint=models.CheckConstraint(condition=models.Q(('statement', models.F('other')), _negated=True), name='statement_relation_to_another', violation_error_message='A statement cannot be related to itself.'),
        ),
        migrations.AddConstraint(
            model_name='statementrelation',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['same_claim', 'contradicts'])), name='statement_relation_kind_known', violation_error_message='Choose one of the relations.'),
        ),
    ]
