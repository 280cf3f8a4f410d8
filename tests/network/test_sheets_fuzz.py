"""Whatever bytes come in, a table or one sentence comes out."""

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from network.sheets import ENCODINGS, Reading, SheetError, open_sheet

BEGINNINGS = st.sampled_from(
    [
        b"",
        b"sep=;\n",
        b"\xff\xfe",
        b"\xfe\xff",
        b"\xef\xbb\xbf",
        b"PK\x03\x04",
        b'{"name": ',
        b"BEGIN:VCARD\nVERSION:2.1\n",
        b"BEGIN:VCARD\r\nN;ENCODING=QUOTED-PRINTABLE:",
        b"dn: cn=x\n",
    ]
)
MARKS = st.sampled_from(
    [
        *(b",", b";", b"\t", b"|", b"\n", b"\r\n", b"\r", b'"', b"=", b":", b"\\", b" ", b"#", b"\0", b"<", b"@", b"1"),
        *(
            b"END:VCARD\n",
            b"BEGIN:VCARD\n",
            b"N:",
            b"TEL;TYPE=cell:",
            b"EMAIL:a@x.example\n",
            b"dn: ",
            b"sn:: ",
            b"}\n",
        ),
        *("Müller".encode(), "Müller".encode("cp1252"), "王伟".encode("gb18030"), "Ия".encode("utf-16"), b"name"),
    ]
)
FILES = st.builds(
    lambda start, pieces: start + b"".join(pieces), BEGINNINGS, st.lists(st.one_of(MARKS, st.binary(max_size=8)))
)
READINGS = st.builds(
    Reading,
    encoding=st.sampled_from(["", *ENCODINGS, "none"]),
    delimiter=st.sampled_from(["", ",", ";", '"', "::", "\n"]),
    header_row=st.sampled_from([None, 0, 1, 2, 9]),
    date_system=st.sampled_from(["", "1900", "1904"]),
    sheet=st.sampled_from(["", "Sheet1"]),
)


@pytest.mark.slow
@settings(max_examples=1000, deadline=None, database=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(FILES, READINGS)
@example(b"#" * 4096, Reading())
@example("Müller\nMüller\n".encode() + b"BEGIN:VCARD \xe4", Reading())
@example(b"BEGIN:VCARD\n" + b";" * 4096, Reading())
@example(b'BEGIN:VCARD\nTEL;X="' + b"a" * 4096, Reading())
@example("Ã¼".encode() * 2000, Reading())
def test_no_file_ends_in_anything_but_rows_or_a_sentence(sheet, content, reading):
    path = sheet(content)
    try:
        read = open_sheet(path, reading)
        rows = list(read.rows)
    except SheetError as error:
        assert str(error).endswith(".")
    else:
        assert all(set(row.values) == set(read.columns) for row in rows if read.reading.format != "JSON Lines")
        assert [row.number for row in rows] == sorted({row.number for row in rows})
