"""Keeps the columns that follow from others true, for fixtures as well as for curators."""

from typing import Any, cast

from django.conf import settings
from django.db.models import ForeignKey, Model, ProtectedError
from django.db.models.signals import m2m_changed, post_delete, post_save, pre_delete, pre_save
from django.dispatch import receiver
from simple_history.signals import pre_create_historical_record

from base.records.change_sets import VersionInChangeSet, open_change_set
from base.records.fixture_loading import open_loading, refreshed_later
from base.records.history import has_history, keep_first_versions
from base.records.names import Name, NamedRecord
from base.records.publishing import Publishable, Status
from base.records.records import Record
from base.records.submissions import ReviewState, note_outcome, outcome_of
from base.records.texts import CheckedTexts


@receiver(pre_save)
def derive_columns(sender: type[Model], instance: Model, raw: bool = False, **kwargs: object) -> None:
    """Fill derived columns before every save; loaddata skips `save`, so it cannot live there.

    It skips `full_clean` too, so the characters of what it loads are checked here.
    """
    if raw and isinstance(instance, CheckedTexts):
        instance.tidy_texts()
        instance.require_storable()
    if isinstance(instance, Publishable) and hasattr(instance, "derive"):
        instance.derive()


@receiver([pre_save, pre_delete])
def keep_first_version(sender: type[Model], instance: Model, raw: bool = False, **kwargs: object) -> None:
    """Write down how a row that was loaded without a history stands, before it is changed or deleted for the first time."""
    if raw:
        # A fixture is no act of anybody: Django would write a version for its links alone, which are set after the row.
        instance.__dict__["skip_history_when_saving"] = True
        return
    if not has_history(sender) or "_has_versions" in instance.__dict__:
        return
    if not instance._state.adding:  # the history of a new row begins with what is written now
        keep_first_versions(sender, [instance.pk])
    instance.__dict__["_has_versions"] = True


@receiver(m2m_changed)
def keep_first_version_of_links(
    instance: Model, action: str, reverse: bool, model: type[Model], pk_set: set[int] | None, **kwargs: object
) -> None:
    """Do the same before passages or other links are added to a row or taken from it."""
    if not action.startswith("pre_") or "skip_history_when_saving" in instance.__dict__:
        return
    if not reverse:
        keep_first_version(type(instance), instance)
    elif pk_set and has_history(model):
        keep_first_versions(model, pk_set)


@receiver(pre_create_historical_record)
def put_into_change_set(history_instance: VersionInChangeSet, history_user: object, **kwargs: object) -> None:
    """Name the change set in which a version is written, and who makes it where no request says so."""
    if (act := open_change_set()) is None or not isinstance(history_instance, VersionInChangeSet):
        return
    history_instance.change_set = act.row()
    if history_user is None and act.user_id is not None:
        history_instance.history_user_id = act.user_id  # type: ignore[attr-defined]  # a column of every version


@receiver(post_save)
def remember_loaded_row(sender: type[Model], instance: Model, raw: bool = False, **kwargs: object) -> None:
    """Remember a row of a fixture by its natural key, so that rows that name it need not look it up."""
    if raw and isinstance(instance, Publishable) and (loading := open_loading()) is not None:
        loading.rows[sender, instance.natural_key()] = instance


@receiver(post_save)
def settle_review(sender: type[Model], instance: Model, raw: bool = False, **kwargs: object) -> None:
    """Note on the submission of a draft that it is one no more, whoever published it.

    It stands before `refresh_owner`, which forgets how the row was loaded.
    """
    if raw or not isinstance(instance, Publishable):
        return
    outcome = outcome_of(instance)
    if outcome is not None and instance.__dict__.get("_loaded", {}).get("status") == Status.DRAFT:
        note_outcome(sender, [instance.pk], outcome)


@receiver(post_delete)
def forget_review(sender: type[Model], instance: Model, **kwargs: object) -> None:
    """Note on the submission of a row that it was deleted."""
    if isinstance(instance, Publishable) and instance.pk is not None:
        note_outcome(sender, [instance.pk], ReviewState.GONE)


@receiver([post_save, post_delete])
def refresh_owner(sender: type[Model], instance: Model, raw: bool = False, **kwargs: object) -> None:
    """Bring a record's name columns up to date with its names, and note on it that its page changed."""
    if isinstance(instance, Name):
        owner = cast("ForeignKey[Any, Any]", sender._meta.get_field(instance.public_parents[0]))
        model, key = cast("type[NamedRecord]", owner.related_model), getattr(instance, owner.attname)
        # Else it may be that a cascade is deleting the owner.
        if not refreshed_later(model, key) and model._base_manager.filter(pk=key).exists():
            instance.owner.refresh_names()
    elif (
        isinstance(instance, NamedRecord) and kwargs["signal"] is post_save and not refreshed_later(sender, instance.pk)
    ):
        instance.refresh_names(just_saved=kwargs["update_fields"] is None)
    if isinstance(instance, Publishable) and not isinstance(instance, Record) and not raw and instance.concerns_readers:
        for name in instance.public_parents:
            parent = getattr(instance, name)
            if isinstance(parent, Record):
                parent.touch()


@receiver(pre_delete)
def keep_evidence(sender: type[Model], instance: Model, **kwargs: object) -> None:
    """Refuse to delete a passage that a row cites: the database would silently drop the citation with it."""
    if sender._meta.label != settings.PASSAGE_MODEL:
        return
    citing = [relation for relation in sender._meta.related_objects if relation.many_to_many]
    rows = [row for relation in citing for row in getattr(instance, str(relation.get_accessor_name())).all()[:5]]
    if rows:
        raise ProtectedError(f"{instance} is cited and cannot be deleted.", set(rows))
