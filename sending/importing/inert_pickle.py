"""Reads a pickle without running it: what would have been an object becomes a record.

A pickle is a program, and one from elsewhere may do anything. So none is executed: `pickletools`
cuts it into its steps, and the few that build plain values are followed here. Nothing is imported,
no function is called, and a step that is not known ends the reading.
"""

import pickletools
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

MOST_STEPS = 2_000_000
LARGEST_NUMBER = 2**63
_KEYS = (str, int, bytes)


class NotInert(ValueError):
    """What cannot be read as plain values."""


@dataclass(slots=True, eq=False)
class Record:
    """What would be made by calling `kind` (`module.name`) with `arguments`."""

    kind: str
    arguments: tuple[Any, ...] = ()
    state: dict[Any, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Return the last part of the kind."""
        return self.kind.rpartition(".")[2]

    def get(self, key: str, default: Any = None) -> Any:
        """Return an attribute."""
        return self.state.get(key, default)


@dataclass(frozen=True, slots=True)
class _Name:
    """A class or a function that is named."""

    kind: str


_MARK = object()


def read(octets: bytes) -> Any:
    """Return the value of a pickle: None, numbers, texts, lists, tuples, dicts, Records.

    Raise NotInert. Takes time in proportion to `octets`.
    """
    machine = _Machine()
    try:
        for number, (opcode, argument, _position) in enumerate(pickletools.genops(octets)):
            if number >= MOST_STEPS:
                raise NotInert("it has too many steps")
            if opcode.name == "STOP":
                return machine.pop()
            machine.step(opcode.name, argument)
    except (ValueError, IndexError, KeyError, TypeError, OverflowError, AttributeError) as error:
        raise NotInert(str(error) or type(error).__name__) from error
    raise NotInert("it ends too early")


class _Machine:
    """The stack and the memo of one reading."""

    def __init__(self) -> None:
        self._stack: list[Any] = []
        self._memo: dict[int, Any] = {}

    def pop(self) -> Any:
        return self._stack.pop()

    def step(self, name: str, argument: Any) -> None:
        if name in _VALUES:
            self._stack.append(_plain(argument))
        elif name in _CONSTANTS:
            self._stack.append(_CONSTANTS[name])
        elif name in _STEPS:
            _STEPS[name](self, argument)
        elif name not in _IGNORED:
            raise NotInert(f"the step {name} is not one of plain values")

    def _to_mark(self) -> list[Any]:
        at = len(self._stack) - 1
        while self._stack[at] is not _MARK:
            at -= 1
            if at < 0:
                raise NotInert("a mark is missing")
        items = self._stack[at + 1 :]
        del self._stack[at:]
        return items

    def mark(self, _argument: Any) -> None:
        self._stack.append(_MARK)

    def empty(self, make: Callable[[], Any]) -> None:
        self._stack.append(make())

    def tuple_of(self, count: int) -> None:
        items = self._stack[len(self._stack) - count :]
        if len(items) != count:
            raise NotInert("the stack is too short")
        del self._stack[len(self._stack) - count :]
        self._stack.append(tuple(items))

    def tuple_to_mark(self, _argument: Any) -> None:
        self._stack.append(tuple(self._to_mark()))

    def list_to_mark(self, _argument: Any) -> None:
        self._stack.append(self._to_mark())

    def dict_to_mark(self, _argument: Any) -> None:
        items = self._to_mark()
        made: dict[Any, Any] = {}
        self._fill(made, items)
        self._stack.append(made)

    def append(self, _argument: Any) -> None:
        item = self.pop()
        self._list().append(item)

    def appends(self, _argument: Any) -> None:
        items = self._to_mark()
        self._list().extend(items)

    def set_item(self, _argument: Any) -> None:
        value, key = self.pop(), self.pop()
        self._fill(self._dict(), [key, value])

    def set_items(self, _argument: Any) -> None:
        items = self._to_mark()
        self._fill(self._dict(), items)

    def _fill(self, target: dict[Any, Any], items: list[Any]) -> None:
        for key, value in zip(items[::2], items[1::2], strict=True):
            if not isinstance(key, _KEYS):
                raise NotInert("a key is neither text nor number")
            target[key] = value

    def _list(self) -> list[Any]:
        top = self._stack[-1]
        if not isinstance(top, list):
            raise NotInert("there is no list to add to")
        return top

    def _dict(self) -> dict[Any, Any]:
        top = self._stack[-1]
        if not isinstance(top, dict):
            raise NotInert("there is no dictionary to add to")
        return top

    def put(self, key: int) -> None:
        self._memo[key] = self._stack[-1]

    def memoize(self, _argument: Any) -> None:
        self._memo[len(self._memo)] = self._stack[-1]

    def get(self, key: int) -> None:
        self._stack.append(self._memo[key])

    def name(self, written: str) -> None:
        self._stack.append(_Name(written.replace(" ", ".")))

    def name_from_stack(self, _argument: Any) -> None:
        name, module = self.pop(), self.pop()
        self._stack.append(_Name(f"{module}.{name}"))

    def call(self, _argument: Any) -> None:
        arguments, called = self.pop(), self.pop()
        if not isinstance(called, _Name) or not isinstance(arguments, tuple):
            raise NotInert("something is called that has no name")
        self._stack.append(Record(called.kind, arguments))

    def build(self, _argument: Any) -> None:
        state, record = self.pop(), self._stack[-1]
        if isinstance(state, tuple):  # Attributes, and those of __slots__.
            state = next((part for part in state if isinstance(part, dict)), {})
        if not isinstance(record, Record) or not isinstance(state, dict):
            raise NotInert("a state belongs to nothing")
        record.state.update(state)

    def drop(self, _argument: Any) -> None:
        self.pop()

    def drop_to_mark(self, _argument: Any) -> None:
        self._to_mark()

    def again(self, _argument: Any) -> None:
        self._stack.append(self._stack[-1])


def _plain(value: Any) -> Any:
    if isinstance(value, int) and abs(value) > LARGEST_NUMBER:
        raise NotInert("a number is too large")
    return value


_VALUES = frozenset(
    {
        *("INT", "LONG", "LONG1", "LONG4", "BININT", "BININT1", "BININT2", "FLOAT", "BINFLOAT"),
        *("STRING", "BINSTRING", "SHORT_BINSTRING", "UNICODE", "BINUNICODE", "BINUNICODE8"),
        *("SHORT_BINUNICODE", "BINBYTES", "SHORT_BINBYTES", "BINBYTES8"),
    }
)
_CONSTANTS = {"NONE": None, "NEWTRUE": True, "NEWFALSE": False}
_IGNORED = frozenset({"PROTO", "FRAME"})
_STEPS: dict[str, Callable[[_Machine, Any], None]] = {
    "MARK": _Machine.mark,
    "EMPTY_LIST": lambda machine, _argument: machine.empty(list),
    "EMPTY_DICT": lambda machine, _argument: machine.empty(dict),
    "EMPTY_TUPLE": lambda machine, _argument: machine.empty(tuple),
    "TUPLE1": lambda machine, _argument: machine.tuple_of(1),
    "TUPLE2": lambda machine, _argument: machine.tuple_of(2),
    "TUPLE3": lambda machine, _argument: machine.tuple_of(3),
    "TUPLE": _Machine.tuple_to_mark,
    "LIST": _Machine.list_to_mark,
    "DICT": _Machine.dict_to_mark,
    "APPEND": _Machine.append,
    "APPENDS": _Machine.appends,
    "SETITEM": _Machine.set_item,
    "SETITEMS": _Machine.set_items,
    "PUT": _Machine.put,
    "BINPUT": _Machine.put,
    "LONG_BINPUT": _Machine.put,
    "MEMOIZE": _Machine.memoize,
    "GET": _Machine.get,
    "BINGET": _Machine.get,
    "LONG_BINGET": _Machine.get,
    "GLOBAL": _Machine.name,
    "STACK_GLOBAL": _Machine.name_from_stack,
    "REDUCE": _Machine.call,
    "NEWOBJ": _Machine.call,
    "BUILD": _Machine.build,
    "POP": _Machine.drop,
    "POP_MARK": _Machine.drop_to_mark,
    "DUP": _Machine.again,
}
