"""The name that a file is given."""

import pytest

from contacts.uploads import clean_name


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("passport.pdf", "passport.pdf"),
        ("جواز السفر.pdf", "جواز السفر.pdf"),
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\Users\\me\\scan.pdf", "scan.pdf"),
        (".htaccess", "htaccess"),
        ("invoice\u202efdp.exe", "invoice fdp.exe"),
        ("a\r\nSet-Cookie: x.pdf", "a Set-Cookie: x.pdf"),
        ("x" * 300 + ".pdf", "x" * 116 + ".pdf"),
        ("...", "file"),
        ("", "file"),
    ],
)
def test_a_name_is_cleaned_of_folders_and_of_what_is_not_seen(sent, kept):
    assert clean_name(sent) == kept
