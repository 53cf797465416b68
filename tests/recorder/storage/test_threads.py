import threading

import pytest

from tawny.recorder.storage.threads import in_thread


async def test_the_work_is_done_elsewhere_and_its_result_comes_back() -> None:
    thread = await in_thread(threading.current_thread, name="elsewhere")

    assert thread.name == "elsewhere"
    assert thread is not threading.current_thread()


async def test_what_goes_wrong_comes_back_too() -> None:
    def fail() -> None:
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        await in_thread(fail, name="elsewhere")
