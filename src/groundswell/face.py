"""The public names of a package, listed once in its `__init__.pyi` and loaded when they are first asked for.

The stub is what a type checker reads and what is loaded from, so that `import groundswell` and the command line start
at once and the two lists cannot part.
"""

from __future__ import annotations

from collections.abc import Callable

import lazy_loader


def attach(package: str, file: str) -> tuple[Callable[[str], object], Callable[[], list[str]], list[str]]:
    """The `__getattr__`, `__dir__` and `__all__` of a package whose stub stands next to `file`.

    An unknown name is an AttributeError that lists the public names and the nearest of them.
    """
    load, names, public = lazy_loader.attach_stub(package, file)

    def public_name(name: str) -> object:
        if name in public:
            return load(name)
        from groundswell.errors import nearest

        raise AttributeError(
            f"`{name}` is not one of the public names of `{package}`: {nearest(name, public)}"
        )

    return public_name, names, public
