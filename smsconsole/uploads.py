"""What a request may bring: how large its body is, and whether there may be files in it."""

import errno
import logging
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.core.exceptions import SuspiciousOperation, TooManyFilesSent
from django.core.files.uploadhandler import MemoryFileUploadHandler, TemporaryFileUploadHandler
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import Resolver404, resolve
from django.utils.deprecation import MiddlewareMixin

from sending.dialects.tencent.routing import LARGEST_BODY, is_for_api

log = logging.getLogger(__name__)

# Fields, and what a file may be too large by so that its form still says by how much.
_BESIDE_FILES = 2_000_000


class FilesNotTaken(TooManyFilesSent):
    """A file came to a page that has no use for it."""


class NoRoom(SuspiciousOperation):
    """A disk is full, so that what came cannot be stored; it is nobody's fault who asks."""


_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})


class NoFilesUploadHandler(MemoryFileUploadHandler):
    """Refuses the request at the first file, before any of it is stored."""

    def new_file(self, *_args: Any, **_kwargs: Any) -> None:
        """Raise FilesNotTaken."""
        raise FilesNotTaken


class BoundedFileUploadHandler(TemporaryFileUploadHandler):
    """Stores at most UPLOAD_MAX_BYTES of a request; a file's `size` still says how much came.

    The form then refuses it with a sentence, and nobody can fill the disk with one request.
    """

    received = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Store a piece while there is room."""
        self.received += len(raw_data)
        if self.received <= settings.UPLOAD_MAX_BYTES:
            try:
                super().receive_data_chunk(raw_data, start)
            except OSError as error:
                if error.errno in _FULL:
                    raise NoRoom from error
                raise


def largest_body(path: str, query: str = "", headers: Iterable[tuple[str, str]] = ()) -> int:
    """Return how many octets a request may bring, head not counted."""
    if is_for_api(path, query, headers):
        return LARGEST_BODY
    try:
        return _largest_body(resolve(path).func)
    except Resolver404:
        return settings.DATA_UPLOAD_MAX_MEMORY_SIZE


def _largest_body(view: Any) -> int:
    if _takes_files(view):
        return settings.UPLOAD_MAX_BYTES + _BESIDE_FILES
    return getattr(view, "largest_body", settings.DATA_UPLOAD_MAX_MEMORY_SIZE)


def _takes_files(view: Any) -> bool:
    """Tell whether the view was decorated with accounts.decorators.takes_files."""
    return getattr(view, "takes_files", False)


class BodyMiddleware(MiddlewareMixin):
    """Refuses what is too large, and files where no form takes any, before a body is read.

    It stands before whatever reads forms, and after what asks who somebody is: strangers bring no
    files at all.
    """

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Answer 413, or let the view read the body; raises SuspiciousOperation (400)."""
        del args, kwargs
        if "\0" in request.path_info or "%00" in request.META.get("QUERY_STRING", ""):
            raise SuspiciousOperation("There is no NUL in an address of ours.")
        length = request.META.get("CONTENT_LENGTH") or ""
        if length.isdecimal() and int(length[:20]) > _largest_body(view):
            most = settings.UPLOAD_MAX_BYTES if _takes_files(view) else _largest_body(view)
            return render(request, "413.html", {"most": most}, status=413)
        if not _takes_files(view):
            request.upload_handlers = [NoFilesUploadHandler(request)]
        return None

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Say that a disk is full, whoever could not write to it."""
        is_full = isinstance(exception, OSError) and exception.errno in _FULL
        return no_room(request) if is_full else None


def no_room(request: HttpRequest) -> HttpResponse:
    """Answer 507: nothing was stored, and operators must make room."""
    log.error("a disk is full: nothing could be stored for %s", request.path)
    return render(request, "507.html", status=507)
