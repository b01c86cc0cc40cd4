"""Who may enter, and what stands before the page accordingly."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from starlette.middleware import Middleware

from qa.errors import KutipError
from qa.server.gate import USER, Gate
from qa.server.limits import Limits, OwnName, is_loopback
from qa.server.passwords import Users

if TYPE_CHECKING:
    from starlette.requests import Request


def check(host: str, users: Users | None, *, anyone: bool) -> None:
    """Raises ``KutipError`` where *host* can be reached from elsewhere and nobody is asked who.

    *anyone*: that is wanted.
    """
    if users is None and not anyone and not is_loopback(host):
        raise KutipError(
            f"{host}: others could read and remove your documents; name a file of users with "
            "--auth FILE (kutip passwd FILE NAME makes one), or say --no-auth"
        )


def guards(
    users: Users | None, *, anyone: bool, waiting: Callable[[], int]
) -> tuple[list[Middleware], Callable[[Request], str | None] | None]:
    """What every request passes, outermost first, and what tells Gradio who sent it."""
    stack = [Middleware(Limits, waiting=waiting)]
    if users is not None:
        return [Middleware(Gate, users=users), *stack], named
    return stack if anyone else [Middleware(OwnName), *stack], None


def named(request: Request) -> str | None:
    """The user that the gate let through; Gradio refuses a request without one."""
    scope: Mapping[str, object] = request.scope
    user = scope.get(USER)
    return None if user is None else str(user)
