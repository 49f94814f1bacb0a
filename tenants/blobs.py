"""Raw mail, attachments and documents: content-addressed bytes, apart per agency."""

import hashlib
import os
from pathlib import Path
from uuid import UUID

import obstore
from obstore.store import LocalStore, MemoryStore, ObjectStore, S3Store, from_url

from tenants.db import db
from tenants.errors import NotFound

_store: ObjectStore | None = None


def connect(blob_url: str) -> None:
    """Use `file:///folder`, `s3://bucket/prefix` or `memory://` from now on."""
    global _store  # noqa: PLW0603 - one store per process, chosen once at start
    if blob_url.startswith("file://"):
        folder = Path(blob_url.removeprefix("file://"))
        folder.mkdir(parents=True, exist_ok=True)
        _store = LocalStore(prefix=str(folder), mkdir=True)
    else:
        store = from_url(blob_url)
        if not isinstance(store, S3Store | MemoryStore | LocalStore):
            message = f"blob store {blob_url!r} is not supported"
            raise TypeError(message)
        _store = store


def put_blob(data: bytes) -> str:
    """Store the bytes durably for the agency in scope; returns their sha256 in hex."""
    return put_blob_for(db.scope.agency_id, data)


def put_blob_for(agency_id: UUID, data: bytes) -> str:
    """The same before a transaction is open: bytes are stored before the row that names them."""
    digest = hashlib.sha256(data).hexdigest()
    path = _path(agency_id, digest)
    store = _connected()
    obstore.put(store, path, data)
    if isinstance(store, LocalStore):
        _sync(Path(str(store.prefix)) / path)
    return digest


def get_blob(digest: str) -> bytes:
    """The bytes under this digest, of the agency in scope. Raises: NotFound."""
    try:
        return bytes(obstore.get(_connected(), _path(db.scope.agency_id, digest)).bytes())
    except FileNotFoundError as error:
        raise NotFound from error


def check_writable() -> None:
    """Write and delete a probe; raises what the store raises."""
    store = _connected()
    obstore.put(store, "probe", b"probe")
    obstore.delete(store, "probe")


def _connected() -> ObjectStore:
    if _store is None:
        message = "the blob store is not connected"
        raise RuntimeError(message)
    return _store


def _path(agency_id: UUID, digest: str) -> str:
    return f"{agency_id}/{digest[:2]}/{digest}"


def _sync(path: Path) -> None:
    for target in (path, path.parent):
        descriptor = os.open(target, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
