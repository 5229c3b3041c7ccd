"""Pictures of pages by a headless browser, cut to what stands on them."""

import shutil
import subprocess
from pathlib import Path

from engine.errors import BadSettings

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome", "msedge")
WIDTH, TALLEST = 900, 6_000  # pixels of the page; what is lower than the content is cut away
SECONDS = 60
MARGIN = 16


def browser() -> str:
    """Raises BadSettings, saying what to install."""
    found = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if found is None:
        raise BadSettings(
            f"No browser to draw with: none of {', '.join(BROWSERS)} is on the PATH. Install "
            "Chromium (apt install chromium, brew install --cask chromium)."
        )
    return found


def photograph(program: str, page: Path, picture: Path) -> None:
    """Draw a page into a PNG."""
    subprocess.run(  # noqa: S603  a browser that was found on the PATH, a page of our own
        [program, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
         "--force-device-scale-factor=1", f"--window-size={WIDTH},{TALLEST}",
         f"--screenshot={picture}", page.as_uri()],
        check=True, capture_output=True, timeout=SECONDS,
    )  # fmt: skip
    _cut(picture)


def _cut(picture: Path) -> None:
    """Take away the empty paper below."""
    from PIL import Image, ImageChops

    with Image.open(picture) as drawn:
        page = drawn.convert("RGB")
    paper = Image.new("RGB", page.size, page.getpixel((0, page.height - 1)))
    box = ImageChops.difference(page, paper).getbbox()
    bottom = page.height if box is None else min(box[3] + MARGIN, page.height)
    page.crop((0, 0, page.width, bottom)).save(picture, optimize=True)
