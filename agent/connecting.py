"""Settings of the systems that we read from and write to, and the clients they make."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field, SecretStr

from agent.section import Seconds, Section
from engine.errors import BadSettings, InvalidInput

if TYPE_CHECKING:
    from agent.sections import Settings
    from engine.connect.books.port import Books
    from engine.connect.books.tokens import Tokens
    from engine.connect.sources.paced import Paced
    from engine.connect.sources.port import Source


class ShopifySettings(Section):
    shop: str = Field(default="", description="its address, such as lantern.myshopify.com")
    token: SecretStr | None = Field(default=None, description="Admin API access token of the app")


class WarehouseSettings(Section):
    folder: str = Field(
        default="", description="where it leaves files: a folder here, or the path on its server"
    )
    host: str = Field(default="", description="SFTP server; empty: a folder here")
    port: Annotated[int, Field(ge=1, le=65535)] = Field(default=22, description="its port")
    user: str = Field(default="", description="login there")
    password: SecretStr | None = Field(default=None, description="password of the login")
    key_file: Path | None = Field(default=None, description="private key of the login")
    host_key: str = Field(
        default="", description="the server's public key, as `ssh-keyscan` prints it after the name"
    )
    timeout_seconds: Seconds = Field(default=30.0, description="how long to wait for it")


class BooksSettings(Section):
    system: Literal["", "quickbooks", "xero", "files"] = Field(
        default="", description="where approved orders and bills go; empty: nowhere"
    )
    account: str = Field(default="", description="account that purchases go to (id or code)")
    company: str = Field(default="", description="QuickBooks: realm id; Xero: tenant id")
    client_id: str = Field(default="", description="of the app registered with Intuit or Xero")
    client_secret: SecretStr | None = Field(default=None, description="the app's secret")
    token_file: Path | None = Field(
        default=None, description="file with the refresh token; replaced with every use"
    )
    folder: Path | None = Field(
        default=None, description="files: where they are written; default: books in home"
    )
    dialect: Literal["quickbooks", "xero"] = Field(
        default="xero", description="files: the columns of which system"
    )
    tax_type: str = Field(default="Tax Exempt", description="files: Xero's name of the tax rate")


def sources_set(settings: "Settings") -> tuple[str, ...]:
    """Systems that we read from and that the settings name."""
    named = {"shopify": settings.shopify.shop, "warehouse": settings.warehouse.folder}
    return tuple(name for name, value in named.items() if value)


def source_of(settings: "Settings", name: str, now: Callable[[], datetime]) -> "Source":
    """Raises BadSettings for one that is not set up, InvalidInput for one that is not read."""
    if name == "shopify":
        return shopify(settings.shopify, now)
    if name == "warehouse":
        return warehouse(settings.warehouse)
    raise InvalidInput(f"Nothing is read from {name}; it is written to: qm connect post")


def shopify(settings: ShopifySettings, now: Callable[[], datetime]) -> "Source":
    from engine.connect.sources.shopify import Shopify

    if not settings.shop or settings.token is None:
        raise BadSettings("To read a Shopify shop, set shopify.shop and shopify.token.")
    address = settings.shop if "://" in settings.shop else f"https://{settings.shop}"
    return Shopify(address, settings.token.get_secret_value(), now)


def warehouse(settings: WarehouseSettings) -> "Source":
    from engine.connect.sources.folders import LocalFolder, SftpFolder
    from engine.connect.sources.warehouse import Warehouse

    if not settings.folder:
        raise BadSettings("To read a warehouse's files, set warehouse.folder.")
    if not settings.host:
        return Warehouse(folder=LocalFolder(path=Path(settings.folder).expanduser()))
    if not settings.user or not settings.host_key:
        raise BadSettings(
            f"To read from {settings.host}, set warehouse.user and warehouse.host_key "
            f"(ssh-keyscan {settings.host}; compare it with what the warehouse tells you)."
        )
    password = settings.password.get_secret_value() if settings.password else ""
    return Warehouse(
        folder=SftpFolder(
            host=settings.host, port=settings.port, user=settings.user, password=password,
            host_key=settings.host_key, path=settings.folder, key_file=settings.key_file,
            timeout_seconds=settings.timeout_seconds,
        )
    )  # fmt: skip


def books(settings: BooksSettings, home: Path) -> "Books | None":
    """None where the settings name no accounting system; BadSettings for half a one."""
    if not settings.system:
        return None
    if not settings.account:
        raise BadSettings("books.system is set; name the account of purchases in books.account.")
    if settings.system == "files":
        from engine.connect.books.files import BookFiles

        folder = settings.folder or home / "books"
        return BookFiles(
            folder=folder, dialect=settings.dialect, account=settings.account,
            tax_type=settings.tax_type,
        )  # fmt: skip
    return _by_api(settings)


def _by_api(settings: BooksSettings) -> "Books":
    from engine.connect.books import quickbooks, xero

    if not settings.company:
        raise BadSettings("Set books.company: the realm id (QuickBooks) or tenant id (Xero).")
    if settings.system == "quickbooks":
        return quickbooks.QuickBooks(
            http=_paced(quickbooks.URL), realm=settings.company, account=settings.account,
            tokens=_tokens(settings, quickbooks.TOKEN_URL, quickbooks.TOKEN_PATH),
        )  # fmt: skip
    return xero.Xero(
        http=_paced(xero.URL), tenant=settings.company, account=settings.account,
        tokens=_tokens(settings, xero.TOKEN_URL, xero.TOKEN_PATH),
    )  # fmt: skip


def _tokens(settings: BooksSettings, url: str, path: str) -> "Tokens":
    from engine.connect.books.tokens import Tokens

    if not settings.client_id or settings.client_secret is None or settings.token_file is None:
        raise BadSettings("Set books.client_id, books.client_secret and books.token_file.")
    return Tokens(
        http=_paced(url), path=path, client_id=settings.client_id,
        client_secret=settings.client_secret.get_secret_value(), file=settings.token_file,
    )  # fmt: skip


def _paced(url: str) -> "Paced":
    import httpx

    from engine.connect.sources.paced import Paced

    return Paced(client=httpx.Client(base_url=url, timeout=30))
