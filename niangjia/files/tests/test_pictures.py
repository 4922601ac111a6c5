"""What passes for a picture, and what does not."""

from __future__ import annotations

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from niangjia.accounts.services.users import create_user
from niangjia.files.models import StoredFile
from niangjia.files.services import pictures
from niangjia.files.services.pictures import has_too_many_pixels, is_whole_picture, picture_size
from niangjia.files.services.store import NotAPicture, TooManyPixels, store_upload
from niangjia.files.tests.pictures import extended_webp, jpeg, png, segment, webp

pytestmark = pytest.mark.one_database

# What a telephone puts before the picture: a thumbnail with an end of its own.
WITH_THUMBNAIL = b"\xff\xd8" + segment(0xE1, b"Exif\x00\x00" + jpeg()) + jpeg(3000, 4000)[2:]
WHOLE = [
    ("image/jpeg", jpeg()), ("image/jpeg", jpeg() + b"\x00trailer"), ("image/jpeg", WITH_THUMBNAIL),
    ("image/jpeg", b"\xff\xd8" + b"\xff" + jpeg()[2:]), ("image/png", png()), ("image/webp", webp()),
]  # fmt: skip
FLIPPED = bytearray(png())
FLIPPED[45] ^= 1
TORN = [
    ("image/jpeg", b"\xff\xd8\xff\xe0" + b"garbage" * 40),
    ("image/jpeg", b"\xff\xd8\xff"),
    ("image/jpeg", jpeg()[:-2]),
    ("image/jpeg", WITH_THUMBNAIL[:-2]),
    ("image/jpeg", jpeg(0, 8)),
    ("image/jpeg", jpeg(40_000, 8)),
    ("image/png", png()[:-12]),
    ("image/png", bytes(FLIPPED)),
    ("image/png", png()[:33] + png()[-12:]),  # head and end, nothing between
    ("image/png", png(40_000, 1)),
    ("image/png", png()[:8]),
    ("image/png", png(0, 6)),
    ("image/webp", webp()[:-4]),
    ("image/webp", b"RIFF\x10\x00\x00\x00WEBPJUNK" + b"\x00" * 8),
]


@pytest.mark.parametrize(("media_type", "content"), WHOLE)
def test_whole_pictures_pass(media_type: str, content: bytes) -> None:
    assert is_whole_picture(media_type, content)


@pytest.mark.parametrize(("media_type", "content"), TORN)
def test_torn_and_empty_ones_do_not(media_type: str, content: bytes) -> None:
    assert not is_whole_picture(media_type, content)


@pytest.mark.parametrize("cut", range(3, len(jpeg())))
def test_a_jpeg_cut_anywhere_is_no_picture(cut: int) -> None:
    assert not is_whole_picture("image/jpeg", jpeg()[:cut])


def test_an_upload_that_only_begins_like_a_photograph_is_refused_and_not_kept(db: None) -> None:
    user = create_user(username="mai", display_name="麦芒种")
    torn = SimpleUploadedFile("letter.jpg", b"\xff\xd8\xff\xe0" + b"garbage" * 40, "image/jpeg")
    with pytest.raises(NotAPicture):
        store_upload(upload=torn, purpose="x", object_kind="statement", union_id=None, acting_user=user)
    assert not StoredFile.objects.exists()
    whole = SimpleUploadedFile("letter.jpg", jpeg(), "image/jpeg")
    kept = store_upload(upload=whole, purpose="x", object_kind="statement", union_id=None, acting_user=user)
    assert kept.media_type == "image/jpeg"


SIDE = 10_000
TOO_LARGE = [
    ("image/png", png(SIDE, 5_001)), ("image/jpeg", jpeg(SIDE, 5_001)), ("image/webp", webp(SIDE, 5_001)),
    ("image/webp", extended_webp(SIDE, 5_001)), ("image/webp", extended_webp(8, 8, webp(SIDE, 5_001))),
]  # fmt: skip


@pytest.mark.parametrize(("media_type", "content"), TOO_LARGE)
def test_a_whole_picture_of_too_many_pixels_is_refused_by_its_head_with_its_own_sentence(
    db: None, media_type: str, content: bytes
) -> None:
    user = create_user(username="mai", display_name="麦芒种")
    upload = SimpleUploadedFile("x", content)
    with pytest.raises(TooManyPixels):
        store_upload(upload=upload, purpose="x", object_kind="statement", union_id=None, acting_user=user)
    assert not StoredFile.objects.exists()
    assert not is_whole_picture(media_type, content)


def test_what_telephones_make_is_kept_and_control_without_the_limit_the_huge_ones_are_whole(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert is_whole_picture("image/jpeg", jpeg(8_064, 6_048)), "48 megapixels"
    assert not has_too_many_pixels("image/jpeg", jpeg(8_064, 6_048)[:-2]), "torn is torn first"
    assert Image.open(io.BytesIO(TOO_LARGE[0][1])).resize((10, 5)).getpixel((3, 3)) == 200, "it is a valid one"
    assert Image.open(io.BytesIO(TOO_LARGE[1][1])).resize((10, 5)).getpixel((3, 3)) == 128
    monkeypatch.setattr(pictures, "_is_sane", lambda size: True)
    assert all(is_whole_picture(*one) for one in TOO_LARGE)


@pytest.mark.parametrize("how", [{}, {"lossless": True}, {"alpha": True}])
def test_the_size_of_any_webp_is_read(how: dict[str, bool]) -> None:
    buffer = io.BytesIO()
    colour = (9, 9, 9, 90) if how.pop("alpha", False) else (9, 9, 9)
    Image.new("RGBA" if len(colour) == 4 else "RGB", (701, 43), colour).save(buffer, "WEBP", **how)
    assert picture_size("image/webp", buffer.getvalue()) == (701, 43)
