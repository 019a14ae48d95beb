"""Sources and their files: upload, preview, publish, roll back."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone

from config.http import STOP_POLLING, AuthedRequest, render_page
from market import selectors, services
from market.forms.curation import ColumnsForm, NewSourceForm, SourceForm, UploadForm, WhyForm
from market.models import ImportBatch, Source
from market.views.curation.access import curators_only

State = ImportBatch.State
_BUSY = {State.QUEUED, State.RUNNING}


@curators_only("GET", "HEAD")
def bench(request: AuthedRequest) -> HttpResponse:
    """Show what waits for a curator, and every source."""
    context = {"bench": selectors.bench(), "sources": selectors.source_rows()}
    return render_page(request, "curation/bench.html", context)


@curators_only("GET", "HEAD", "POST")
def source_new(request: AuthedRequest) -> HttpResponse:
    """Take in a source of one's own, read from any CSV."""
    form = NewSourceForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        source = services.add_source(source=form.save(commit=False), user=request.user)
        return redirect("market:curation_source", source.key)
    return render_page(
        request, "curation/source_new.html", {"form": form}, status=422 if form.is_bound else 200
    )


@curators_only("GET", "HEAD", "POST")
def source(request: AuthedRequest, key: str) -> HttpResponse:
    """Show a source and its files, and take in another file."""
    row = get_object_or_404(Source.objects.exclude(kind=Source.Kind.CONTRIBUTION), key=key)
    is_post = request.method == "POST"
    form = UploadForm(request.POST if is_post else None, request.FILES if is_post else None)
    if form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            batch = services.request_import(
                source=row, file=upload, name=upload.name, user=request.user, as_of=timezone.now()
            )
        except (services.BatchNotOpen, services.FileRefused) as error:
            form.add_error("file", str(error))
        else:
            return redirect("market:curation_import", batch.pk)
    context = {
        "source": row,
        "form": form,
        "page_obj": selectors.batches_of(row, request.GET.get("page")),
    }
    return render_page(
        request,
        "curation/source.html",
        context,
        status=422 if is_post else 200,
    )


@curators_only("GET", "HEAD", "POST")
def source_edit(request: AuthedRequest, key: str) -> HttpResponse:
    """Change the terms of a source, or when it is fetched."""
    row = get_object_or_404(Source, key=key)
    form = SourceForm(request.POST if request.method == "POST" else None, instance=row)
    if form.is_valid():
        services.change_source(source=form.save(commit=False), user=request.user)
        messages.success(request, "The source is saved.")
        return redirect("market:curation_source", key)
    return render_page(
        request,
        "curation/source_edit.html",
        {"form": form, "source": Source.objects.get(pk=row.pk)},
        status=422 if form.is_bound else 200,
    )


def _batch(pk: int) -> ImportBatch:
    rows = ImportBatch.objects.select_related("source", "uploaded_by", "published_by")
    return get_object_or_404(rows, pk=pk)


@curators_only("GET", "HEAD")
def batch(request: AuthedRequest, pk: int) -> HttpResponse:
    """Show a file: being read, ready to publish, published, or why it could not be read."""
    row = _batch(pk)
    is_poll = request.headers.get("HX-Target") == "import-state"
    return render_page(
        request,
        "curation/batch.html",
        {
            "batch": row,
            "is_busy": row.state in _BUSY,
            "form": WhyForm(),
            "state": request.GET.get("state", ""),
            "page_obj": selectors.samples_of(
                row, request.GET.get("page"), request.GET.get("state", "")
            ),
        },
        partials=["import-state"],
        status=STOP_POLLING if is_poll and row.state not in _BUSY else 200,
    )


def _act(
    request: AuthedRequest, pk: int, action: Any, done: str, *, already: tuple[str, str] = ("", "")
) -> HttpResponse:
    """Do one thing to a file and say so; what cannot be done says why.

    `already` is the state in which it was done before, by another click or tab, and how to say so.
    """
    row = _batch(pk)
    try:
        action(row)
    except services.BatchNotOpen as error:
        row.refresh_from_db(fields=["state"])
        if row.state == already[0]:
            messages.info(request, already[1])
        else:
            messages.error(request, str(error))
    else:
        messages.success(request, done)
    return redirect("market:curation_import", pk)


@curators_only("POST")
def batch_publish(request: AuthedRequest, pk: int) -> HttpResponse:
    """Make the rows of a file count."""
    return _act(
        request,
        pk,
        lambda row: services.publish_import(
            batch=row,
            as_of=timezone.now(),
            user=request.user,
            why=request.POST.get("why", "")[:300],
        ),
        "The file is published. New benchmarks are being computed.",
        already=(State.PUBLISHED, "The file was published already; it counts once."),
    )


@curators_only("POST")
def batch_roll_back(request: AuthedRequest, pk: int) -> HttpResponse:
    """Undo a publication."""
    return _act(
        request,
        pk,
        lambda row: services.roll_back_import(
            batch=row,
            as_of=timezone.now(),
            user=request.user,
            why=request.POST.get("why", "")[:300],
        ),
        "The file is rolled back. Benchmarks are being computed without it.",
        already=(State.ROLLED_BACK, "The file was rolled back already."),
    )


@curators_only("POST")
def batch_discard(request: AuthedRequest, pk: int) -> HttpResponse:
    """Throw away what was read."""
    return _act(
        request,
        pk,
        lambda row: services.discard_import(batch=row, as_of=timezone.now()),
        "What was read is thrown away. The file itself is kept.",
    )


@curators_only("POST")
def batch_stop(request: AuthedRequest, pk: int) -> HttpResponse:
    """Stop a file that waits or is being read."""
    return _act(
        request,
        pk,
        lambda row: services.cancel_import(batch=row, as_of=timezone.now()),
        "Reading was stopped. Nothing of the file was kept.",
    )


@curators_only("POST")
def batch_retry(request: AuthedRequest, pk: int) -> HttpResponse:
    """Read a file again that failed or was stopped."""
    return _act(
        request,
        pk,
        lambda row: services.retry_import(batch=row, as_of=timezone.now()),
        "The file is read again.",
    )


@curators_only("GET", "HEAD", "POST")
def batch_columns(request: AuthedRequest, pk: int) -> HttpResponse:
    """Say which column of a CSV means what, and read it by that."""
    row = _batch(pk)
    header = selectors.header_of(row)
    form = ColumnsForm(request.POST if request.method == "POST" else None, header=header, batch=row)
    if form.is_valid():
        try:
            services.map_columns(
                batch=row, column_map=form.column_map, user=request.user, as_of=timezone.now()
            )
        except services.BatchNotOpen as error:
            form.add_error(None, str(error))
        else:
            return redirect("market:curation_import", pk)
    return render_page(
        request,
        "curation/batch_columns.html",
        {"form": form, "batch": row, "header": header},
        status=422 if form.is_bound else 200,
    )
