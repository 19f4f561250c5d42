"""The pages of the import: a file of statements is handed in, checked, looked at, and taken in as one change set."""

from __future__ import annotations

import os
import zlib
from collections.abc import Iterator
from typing import cast

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponseRedirect, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.crypto import get_random_string
from django.utils.translation import get_language, gettext_lazy, override
from django.utils.translation import gettext as _

from base.admin import may
from base.text.characters import stripped
from directory.models import Passage
from events.importing.file_runs import MOST_PROBLEMS, Progress, RunStopped, check_file, start_run, take_in, why_not
from events.importing.handed_in import MOST_BYTES, count_lines, too_many_lines
from events.importing.parse import UnusableFile
from events.models import Statement, StatementFile, Wording
from events.models.statement_files import FileState

MOST_FILES = 20  # of one curator that are kept; the oldest makes room

_KEPT = (Statement, Wording, Passage)  # what an import makes


def may_import(user: User) -> bool:
    """Return whether somebody may add all that an import makes."""
    return may(user, "add", *_KEPT)


def may_publish_at_once(user: User) -> bool:
    """Return whether somebody may import what readers see at once: not where two people are needed."""
    return not settings.REVIEW_BY_TWO and may(user, "publish", *_KEPT)


class StatementFileForm(forms.Form):
    """Asks for a file, and how it is meant."""

    file = forms.FileField(
        label=gettext_lazy("File of statements"),
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx,.ndjson,.jsonl"}),
        help_text=gettext_lazy(
            "CSV, XLSX or NDJSON, at most 1,000 lines and 5 MB. You first see what it would add, and what is wrong with it. "
            "For more, whoever runs the site has the command import_statements."
        ),
    )
    skip = forms.BooleanField(
        label=gettext_lazy("Leave out statements that are there already"),
        required=False,
        help_text=gettext_lazy("Otherwise they are refused. An import never changes a statement."),
    )
    far_dates = forms.BooleanField(
        label=gettext_lazy("Dates more than 20 years ahead are meant"),
        required=False,
        help_text=gettext_lazy("As the option --allow-far-dates of the command."),
    )
    other_languages = forms.BooleanField(
        label=gettext_lazy("Words as printed may be in another language than their source"),
        required=False,
        help_text=gettext_lazy("As the option --allow-other-languages of the command."),
    )
    publish = forms.BooleanField(
        label=gettext_lazy("Publish them at once"),
        required=False,
        help_text=gettext_lazy("Otherwise they become drafts."),
    )

    def __init__(self, user: User, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # those of a form
        self.user = user
        self.content = b""
        if not may_publish_at_once(user):
            del self.fields["publish"]

    def clean_file(self) -> UploadedFile:
        """Read the file. It is refused as a whole if it is too large, or cannot be read as one of statements."""
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > MOST_BYTES:
            raise ValidationError(too_many_lines(), code="large")
        self.content = file.read()
        try:
            self.lines = count_lines(self.content, self.name)
        except UnusableFile as error:
            raise ValidationError(str(error), code="unusable") from None
        return file

    @property
    def name(self) -> str:
        """Return the name of the file, short enough to be kept, with its ending."""
        stem, ending = os.path.splitext(stripped(str(self.cleaned_data["file"].name)))
        return f"{stem[:80]}{ending[:20]}"

    def store(self) -> StatementFile:
        """Keep the file until its statements are in. The oldest of the same curator makes room."""
        data = self.cleaned_data
        file = StatementFile.objects.create(
            user=self.user,
            name=self.name,
            packed=zlib.compress(self.content),
            lines=self.lines,
            **{name: data.get(name, False) for name in ("publish", "skip", "far_dates", "other_languages")},
        )
        old = StatementFile.objects.filter(user=self.user).values_list("pk", flat=True)[MOST_FILES:]
        StatementFile.objects.filter(pk__in=list(old)).defer("packed").delete()
        return file


def _page_of(file: StatementFile) -> str:
    return reverse("admin:events_statement_import_file", args=[file.pk])


def import_page(site: AdminSite, request: HttpRequest) -> HttpResponseBase:
    """Show the page on which a file is handed in, with those of before; check one that is handed in."""
    user = cast(User, request.user)
    if not may_import(user):
        raise PermissionDenied
    form = StatementFileForm(user, *([request.POST, request.FILES] if request.method == "POST" else []))
    if request.method == "POST" and form.is_valid():
        file = form.store()
        return _grown_page(site, request, file, check_file(file), _("Checking %s"))
    files = StatementFile.objects.filter(user=user).defer("packed").select_related("change_set")
    context = {
        **site.each_context(request),
        "title": _("Import statements"),
        "form": form,
        "files": files[:MOST_FILES],
    }
    request.current_app = site.name
    status = 422 if request.method == "POST" else 200
    return TemplateResponse(request, "admin/import_statements.html", context, status=status)


def import_file_page(site: AdminSite, request: HttpRequest, pk: int) -> HttpResponseBase:
    """Show what a file would add or has added; check it again, take it in, or forget it."""
    user = cast(User, request.user)
    if not may_import(user):
        raise PermissionDenied
    file = get_object_or_404(StatementFile.objects.select_related("change_set"), pk=pk, user=user)
    if request.method == "POST":
        return _answer_to_button(site, request, file)
    state = file.state
    context = {
        **site.each_context(request),
        "title": _("Import statements: %s") % file.name,
        "file": file,
        "state": state,
        "problem": why_not(file.counts) if state in (FileState.CHECKED, FileState.STOPPED) and file.checked_at else "",
        "problems_left_out": max(0, file.counts.get("problems", 0) - MOST_PROBLEMS),
        "examples_left_out": max(0, file.counts.get("imported", 0) - len(file.examples)),
    }
    request.current_app = site.name
    response = TemplateResponse(request, "admin/import_file.html", context)
    if state == FileState.RUNNING:
        response.headers["Refresh"] = "3"
    return response


def _answer_to_button(site: AdminSite, request: HttpRequest, file: StatementFile) -> HttpResponseBase:
    action = request.POST.get("action", "")
    if action == "start" and file.publish and not may_publish_at_once(cast(User, request.user)):
        raise PermissionDenied
    if file.state == FileState.RUNNING:
        messages.warning(request, _("This file is being taken in just now."))
    elif action == "forget":
        file.delete()
        messages.success(request, _("“%s” is not kept any more. What it added stays.") % file.name)
        return HttpResponseRedirect(reverse("admin:events_statement_import"))
    elif action == "check" and file.state != FileState.IMPORTED:
        return _grown_page(site, request, file, check_file(file), _("Checking %s"))
    elif action == "start":
        try:
            start_run(file)
        except RunStopped as stopped:
            messages.error(request, str(stopped))
        else:
            return _grown_page(site, request, file, take_in(file), _("Taking in %s"))
    return HttpResponseRedirect(_page_of(file))


def _grown_page(
    site: AdminSite, request: HttpRequest, file: StatementFile, progress: Progress, title: str
) -> HttpResponseBase:
    """Return a page that says how far a run is while it runs, and leads on to the page of the file when it has ended.

    It needs no script: the browser shows what has arrived. What runs does so while the page is being sent.
    """
    request.current_app = site.name
    place = get_random_string(32)  # where the page grows: nothing else on it, as the name of a file, may be the same
    context = {
        **site.each_context(request),
        "title": title % file.name,
        "place": place,
        "file": file,
        "url": _page_of(file),
    }
    before, _place, after = render_to_string("admin/import_progress.html", context, request).partition(place)
    response = StreamingHttpResponse(_parts_of_page(before, after, file, progress, get_language() or "en"))
    # Not packed and not held back on its way, or it would arrive as a whole when all is done.
    response.headers["Cache-Control"] = "no-transform"
    response.headers["X-Accel-Buffering"] = "no"
    response.headers["Refresh"] = f"0; url={_page_of(file)}"  # as soon as the page has arrived as a whole
    return response


def _parts_of_page(before: str, after: str, file: StatementFile, progress: Progress, language: str) -> Iterator[bytes]:
    """Yield the page part by part, in its language. What it runs is ended where nobody takes the page any more."""
    try:
        yield before.encode()
        while True:
            with override(language):
                lines = next(progress, None)
                part = "" if lines is None else render_to_string("admin/_progress.html", {"done": lines, "file": file})
            if lines is None:
                break
            yield part.encode()
        yield after.encode()
    finally:
        progress.close()
