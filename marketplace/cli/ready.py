"""The line that scripts wait for."""

import json
from typing import TextIO


def announce_ready(url: str, pid: int, stream: TextIO) -> None:
    """Print `READY {"url": ..., "pid": ...}` and flush."""
    stream.write(f"READY {json.dumps({'url': url, 'pid': pid})}\n")
    stream.flush()
