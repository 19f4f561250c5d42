"""The three ready groups, and the rights of each on every kind of row."""

from __future__ import annotations

from collections.abc import Iterator

from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.apps import apps
from django.contrib.auth.models import AnonymousUser, Group, Permission, User
from django.db import router
from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from base.records.publishing import Publishable
from base.records.records import Record
from reports.models import Report

CONTRIBUTOR, EDITOR, KEEPER = "contributor", "editor", "keeper"
# What each group is for, by its name. The names are identifiers, so they are not translated.
READY_GROUPS = {
    CONTRIBUTOR: _("Prepares drafts and proposals. Nothing a contributor does is seen by readers."),
    EDITOR: _("Publishes, changes what is public, and answers reports."),
    KEEPER: _("Does what an editor does, and withdraws, unites and deletes records, and looks after accounts."),
}

ROLE_LABELS = {KEEPER: _("Keeper"), EDITOR: _("Editor"), CONTRIBUTOR: _("Contributor")}

DRAFTING = ("view", "add", "change")
SIGN_IN_LOGS = (AccessAttempt, AccessLog, AccessFailureLog)


def rights_of(group: str, model: type[Model]) -> tuple[str, ...]:
    """Return the rights of a ready group on rows of a kind: view, add, change, delete, publish, withdraw, merge."""
    editor, keeper = group in (EDITOR, KEEPER), group == KEEPER
    if issubclass(model, Record):
        return (*DRAFTING, *(("publish",) if editor else ()), *(("withdraw", "merge", "delete") if keeper else ()))
    if issubclass(
        model, Publishable
    ):  # names, links, descriptions, wordings, passages; what is public is guarded by itself
        return (*DRAFTING, "delete", *(("publish",) if editor else ()))
    if model is Report:
        return (*(DRAFTING if editor else ()), *(("delete",) if keeper else ()))
    if model is User:
        return DRAFTING if keeper else ()
    if model is Group or model in SIGN_IN_LOGS:
        return ("view",) if keeper else ()
    return ()


def role_label(user: User | AnonymousUser) -> str:
    """Return in a word what a curator may do, as the ready groups call it, judged by the rights on sources."""
    if user.has_perm("directory.withdraw_source"):
        return str(ROLE_LABELS[KEEPER])
    return str(ROLE_LABELS[EDITOR if user.has_perm("directory.publish_source") else CONTRIBUTOR])


def _codenames(group: str) -> Iterator[tuple[str, str]]:
    """Yield (app, codename) of every permission that a ready group has."""
    for model in apps.get_models():
        for right in rights_of(group, model):
            yield model._meta.app_label, f"{right}_{model._meta.model_name}"


def update_ready_groups(using: str, **kwargs: object) -> None:
    """Make the ready groups, and give each exactly its rights. Runs after every `migrate`; a receiver of post_migrate.

    So a new kind of row, or a table that was changed above, reaches every database with the migration that brings it. A group
    with other rights is a group of another name. Five queries if nothing is to be changed.
    """
    if not router.allow_migrate_model(using, Group):
        return
    permissions = {
        (app, codename): pk
        for pk, app, codename in Permission.objects.using(using).values_list(
            "pk", "content_type__app_label", "codename"
        )
    }
    for name in READY_GROUPS:
        group, _made = Group.objects.using(using).get_or_create(name=name)
        wanted = {permissions[key] for key in _codenames(name) if key in permissions}
        if wanted != set(group.permissions.values_list("pk", flat=True)):
            group.permissions.set(wanted)
