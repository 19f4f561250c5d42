
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('events', '0003_filters_have_indexes'),
    ]

    operations = [
        migrations.CreateModel(
            name='KeptFigure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('check_key', models.CharField(max_length=40)),
                ('kind', models.CharField(max_length=100)),
                ('count', models.BigIntegerField()),
                ('total', models.BigIntegerField()),
                ('rows', models.JSONField(default=list)),
                ('counted_at', models.DateTimeField()),
            ],
            options={
                'default_permissions': (),
                'constraints': [models.UniqueConstraint(fields=('check_key', 'kind'), name='kept_figure_once')],
            },
        ),
    ]
