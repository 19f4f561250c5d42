
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('directory', '0004_passages_by_paragraph'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='organization',
            index=models.Index(fields=['sort_key', 'slug'], name='organization_order'),
        ),
        migrations.AddIndex(
            model_name='person',
            index=models.Index(fields=['sort_key', 'slug'], name='person_order'),
        ),
        migrations.AddIndex(
            model_name='source',
            index=models.Index(fields=['sort_key', 'slug'], name='source_order'),
        ),
    ]
