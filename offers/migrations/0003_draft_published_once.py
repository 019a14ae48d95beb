"""A published draft stays as a signpost to its offer, so that publishing twice makes one offer."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("offers", "0002_guards")]

    operations = [
        migrations.AddField(
            model_name="offerdraft",
            name="published_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.RemoveConstraint(
            model_name="offerdraft", name="draft_once_per_offer_and_purpose"
        ),
        migrations.RemoveConstraint(model_name="offerdraft", name="draft_of_terms_names_its_offer"),
        migrations.AddConstraint(
            model_name="offerdraft",
            constraint=models.UniqueConstraint(
                fields=["offer", "purpose"],
                condition=Q(offer__isnull=False, published_at__isnull=True),
                name="draft_once_per_offer_and_purpose",
            ),
        ),
        migrations.AddConstraint(
            model_name="offerdraft",
            constraint=models.CheckConstraint(
                condition=Q(purpose="new_offer", published_at__isnull=True, offer__isnull=True)
                | Q(purpose="new_offer", published_at__isnull=False, offer__isnull=False)
                | (~Q(purpose="new_offer") & Q(offer__isnull=False)),
                name="draft_of_terms_names_its_offer",
            ),
        ),
    ]
