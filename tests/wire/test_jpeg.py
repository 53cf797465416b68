import pytest

from tawny.wire.jpeg import header, quantization_tables


def test_a_quality_of_fifty_is_the_standards_tables() -> None:
    tables = quantization_tables(50)

    assert tables[:8] == bytes([16, 11, 12, 14, 12, 10, 16, 14])  # in the zigzag
    assert (tables[64], len(tables)) == (17, 128)


@pytest.mark.parametrize("quality", [1, 49, 75, 99])
def test_a_higher_quality_has_smaller_steps(quality: int) -> None:
    here, better = quantization_tables(quality), quantization_tables(min(quality + 1, 99))

    assert all(0 < after <= before for before, after in zip(here, better, strict=True))


def test_one_table_serves_all_components() -> None:
    data = header(kind=1, width=64, height=48, tables=bytes(64), restart=0)

    assert data.count(b"\xff\xdb") == 1
    assert bytes([1, 0x22, 0, 2, 0x11, 0, 3, 0x11, 0]) in data


@pytest.mark.parametrize(("kind", "sampling"), [(0, 0x21), (1, 0x22)])
def test_the_kind_says_how_colours_are_sampled(kind: int, sampling: int) -> None:
    data = header(kind=kind, width=64, height=48, tables=bytes(128), restart=0)

    assert bytes([8, 0, 48, 0, 64, 3, 1, sampling, 0, 2, 0x11, 1, 3, 0x11, 1]) in data
