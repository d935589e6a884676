"""What the addresses of this room share: who asks, and the status that goes with an error."""

from __future__ import annotations

from fastapi import Request

from gallery import errors
from gallery.visitors import Visitor

_STATUS: dict[type[errors.GalleryError], int] = {
    errors.TooManyVotes: 429,
    errors.TooManyNearby: 429,
    errors.TooManyReports: 429,
    errors.LockedOut: 429,
    errors.DoorBusy: 503,
    errors.KeepersOnly: 403,
    errors.NotYours: 403,
    errors.NotAllowed: 401,
    errors.NotThere: 404,
    errors.BadWish: 400,
    errors.EngineTrouble: 503,
    errors.StoreTrouble: 503,
}


def visitor_of(request: Request) -> Visitor:
    """Who asks, as the guard has found out."""
    visitor: Visitor = request.state.visitor
    return visitor


def status_of(error: errors.GalleryError) -> int:
    """The HTTP status of an answer that tells this error."""
    return next((status for kind, status in _STATUS.items() if isinstance(error, kind)), 500)
