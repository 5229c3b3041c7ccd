"""What every use case works on: the database, the blobs and the seal of the audit chain."""

from dataclasses import dataclass, field

from engine.store.blobs import BlobStore
from engine.store.database import Database


@dataclass(frozen=True, kw_only=True)
class AuditSeal:
    """The key of the audit chain, kept outside the database, and where its head is anchored."""

    key: bytes = field(repr=False)
    anchor: str  # fsspec URL of a file that only grows


@dataclass(frozen=True, kw_only=True)
class Stores:
    """Picklable: a worker process opens the same stores anew."""

    database: Database
    blobs: BlobStore
    seal: AuditSeal
