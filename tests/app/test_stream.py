"""What an open page is told: everything, or that it missed something, or that it is over."""

from app.stream import MAX_WAITING, Listener


def listener_with(waiting: int) -> Listener:
    listener = Listener("leo", frozenset())
    for _ in range(waiting):
        listener.offer("event: changed\n\n")
    return listener


def told(listener: Listener) -> list[str | None]:
    return [listener.waiting.get_nowait() for _ in range(listener.waiting.qsize())]


def test_a_page_that_reads_too_slowly_is_told_to_look_for_itself():
    listener = listener_with(MAX_WAITING + 1)

    assert told(listener) == ["event: missed\ndata: {}\n\n"]


def test_a_page_that_reads_too_slowly_is_ended_all_the_same():
    listener = listener_with(MAX_WAITING)

    listener.offer(None)

    assert told(listener) == [None]
