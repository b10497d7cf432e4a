"""What the tags of an uploaded template may say: variables of the report, if, for, a few filters; nothing that runs.

A template is code. Its expressions are read as a syntax tree before anything is run: no call, no import, no assignment,
no arithmetic, no inner attribute; every name must be one of the report's; loops run over the report's own lists only,
and one list is never run through once more for each item of another.
"""

import difflib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from jinja2 import nodes

TEXT = "text"
_LOOP = dict.fromkeys(("index", "index0", "revindex", "first", "last", "length"), TEXT)
# filter → (what it takes, what it gives); "item" is what a list holds.
_FILTERS = {
    "upper": (TEXT, TEXT),
    "lower": (TEXT, TEXT),
    "trim": (TEXT, TEXT),
    "length": ("list", TEXT),
    "first": ("list", "item"),
    "last": ("list", "item"),
    "join": ("list", TEXT),
}
_TESTS = {"defined", "none"}
# This list is short and always the same: another list may be run through inside it.
_SHORT = "headings"
_FORBIDDEN = {
    nodes.Call: "gọi hàm",
    nodes.Import: "nạp (import)",
    nodes.FromImport: "nạp (import)",
    nodes.Include: "chèn tệp (include)",
    nodes.Extends: "kế thừa (extends)",
    nodes.Block: "block",
    nodes.Macro: "macro",
    nodes.CallBlock: "call",
    nodes.FilterBlock: "filter",
    nodes.Assign: "gán biến (set)",
    nodes.AssignBlock: "gán biến (set)",
    nodes.With: "with",
    nodes.Add: "phép tính",
    nodes.Sub: "phép tính",
    nodes.Mul: "phép tính",
    nodes.Div: "phép tính",
    nodes.FloorDiv: "phép tính",
    nodes.Mod: "phép tính",
    nodes.Pow: "phép tính",
    nodes.Neg: "phép tính",
    nodes.Pos: "phép tính",
    nodes.Slice: "cắt chuỗi",
    nodes.List: "danh sách tự viết",
    nodes.Dict: "từ điển tự viết",
    nodes.Tuple: "danh sách tự viết",
}


def shape(value: Any) -> Any:
    """The shape of a context: TEXT, a dictionary of shapes, or a list of one shape (that of all its items together)."""
    if isinstance(value, dict):
        return {name: shape(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        items = [shape(part) for part in value]
        if items and all(isinstance(item, dict) for item in items):
            merged: dict[str, Any] = {}
            for item in items:
                merged |= {name: part for name, part in item.items() if name not in merged or part}
            return [merged]
        return [items[0] if items else TEXT]
    return TEXT


@dataclass(frozen=True)
class Loops:
    """The loops around a place: the variable of the innermost, the list of the outermost, how many there are.

    A loop over a part of the innermost loop's item runs through each item of the data once; one over anything else
    multiplies, which is why it may stand only right inside the short list of headings.
    """

    innermost: str = ""
    outermost: str = ""
    depth: int = 0


class Reader:
    """Reads syntax trees; ``problems`` are in Vietnamese, ``used`` the names of the report's variables."""

    def __init__(self, known: dict[str, Any]):
        self.known = known
        self.problems: list[str] = []
        self.used: set[str] = set()

    def read(self, tree: nodes.Template) -> None:
        """Read one part of the document."""
        for node in tree.body:
            self._statement(node, {}, Loops())

    def _refuse(self, problem: str) -> None:
        if problem not in self.problems:
            self.problems.append(problem)

    def _statement(self, node: nodes.Node, scope: dict[str, Any], loops: Loops) -> None:
        if isinstance(node, nodes.Output):
            for part in node.nodes:
                if not isinstance(part, nodes.TemplateData):
                    self._printed(part, scope)
        elif isinstance(node, nodes.If):
            self._expression(node.test, scope)
            for part in (*node.body, *node.elif_, *node.else_):
                self._statement(part, scope, loops)
        elif isinstance(node, nodes.For):
            self._loop(node, scope, loops)
        else:
            self._refuse(
                f"Không được dùng {_FORBIDDEN.get(type(node), 'thẻ này')} trong mẫu (chỉ có for, if, elif, else)."
            )

    def _loop(self, node: nodes.For, scope: dict[str, Any], loops: Loops) -> None:
        if not isinstance(node.target, nodes.Name):
            self._refuse("Vòng lặp chỉ có một tên: {%p for row in agencies %}.")
            return
        if node.recursive:
            self._refuse("Không được dùng vòng lặp đệ quy (recursive).")
        if node.target.name in self.known or node.target.name == "loop":
            self._refuse(f"Tên “{node.target.name}” đã là biến của báo cáo; hãy đặt tên khác cho vòng lặp.")
        found = self._expression(node.iter, scope)
        if found is not None and not isinstance(found, list):
            self._refuse(f"“{_told(node.iter)}” không phải danh sách nên không lặp được.")
        inner = scope | {node.target.name: found[0] if isinstance(found, list) else None, "loop": _LOOP}
        root = _root(node.iter)
        below = Loops(node.target.name, loops.outermost if loops.depth else root, loops.depth + 1)
        if loops.depth and root != loops.innermost:
            if loops.depth > 1 or loops.outermost != _SHORT:
                self._refuse(
                    f"Vòng lặp “{_told(node.iter)}” nằm trong một vòng lặp khác: lặp lồng nhau chỉ được đi trên phần "
                    f"của vòng ngay bên ngoài, hoặc nằm trong vòng lặp {_SHORT}."
                )
        if node.test is not None:
            self._expression(node.test, inner)
        for part in node.body:
            self._statement(part, inner, below)
        for part in node.else_:
            self._statement(part, scope, loops)

    def _printed(self, node: nodes.Expr, scope: dict[str, Any]) -> None:
        found = self._expression(node, scope)
        if isinstance(found, list):
            self._refuse(f"“{_told(node)}” là danh sách, không in thẳng được: dùng vòng lặp for.")
        elif isinstance(found, dict):
            parts = ", ".join(sorted(found)[:6])
            self._refuse(f"“{_told(node)}” có nhiều phần ({parts}…): hãy ghi rõ phần nào.")

    def _expression(self, node: nodes.Expr, scope: dict[str, Any]) -> Any:
        """The shape of an expression; None when it is wrong or unknown (and the problem is told)."""
        if isinstance(node, nodes.Const | nodes.TemplateData):
            return TEXT
        if isinstance(node, nodes.Name):
            return self._name(node.name, scope)
        if isinstance(node, nodes.Getattr):
            return self._part(node, node.attr, scope)
        if isinstance(node, nodes.Getitem):
            if isinstance(node.arg, nodes.Const) and isinstance(node.arg.value, str):
                return self._part(node, node.arg.value, scope)
            self._refuse(f"“{_told(node)}”: không lấy phần tử theo số; dùng vòng lặp for.")
            return None
        if isinstance(node, nodes.Filter):
            return self._filter(node, scope)
        if isinstance(node, nodes.CondExpr):
            branches = [
                self._expression(part, scope) for part in (node.test, node.expr1, node.expr2) if part is not None
            ]
            return branches[1] if len(branches) > 1 else None
        if isinstance(node, nodes.Not | nodes.And | nodes.Or | nodes.Concat | nodes.Compare | nodes.Operand):
            for part in node.iter_child_nodes():
                self._expression(part, scope)
            return TEXT
        if isinstance(node, nodes.Test) and node.name in _TESTS:
            self._expression(node.node, scope)
            return TEXT
        self._refuse(f"Không được dùng {_FORBIDDEN.get(type(node), 'biểu thức này')} trong mẫu: “{_told(node)}”.")
        return None

    def _name(self, name: str, scope: dict[str, Any]) -> Any:
        if name in scope:
            return scope[name]
        if name in self.known:
            self.used.add(name)
            return self.known[name]
        self._refuse(f"Không có biến “{name}”.{_suggestion(name, [*self.known, *scope])}")
        return None

    def _part(self, node: nodes.Getattr | nodes.Getitem, name: str, scope: dict[str, Any]) -> Any:
        if name.startswith("_"):
            self._refuse(f"Không được đọc phần trong của máy: “{_told(node)}”.")
            return None
        whole = self._expression(node.node, scope)
        if whole is None:
            return None
        if isinstance(whole, dict):
            if name in whole:
                return whole[name]
            self._refuse(f"“{_told(node.node)}” không có phần “{name}”.{_suggestion(name, whole)}")
        elif isinstance(whole, list):
            self._refuse(f"“{_told(node.node)}” là danh sách: dùng vòng lặp for rồi lấy phần “{name}” của từng dòng.")
        else:
            self._refuse(f"“{_told(node.node)}” là chữ, không có phần “{name}”.")
        return None

    def _filter(self, node: nodes.Filter, scope: dict[str, Any]) -> Any:
        given = self._expression(node.node, scope) if node.node is not None else None
        if node.name not in _FILTERS:
            self._refuse(f"Không được dùng bộ lọc “{node.name}”; chỉ có: {', '.join(_FILTERS)}.")
            return None
        if any(not isinstance(part, nodes.Const) for part in node.args) or node.kwargs or node.dyn_args:
            self._refuse(f"Bộ lọc “{node.name}” chỉ nhận chữ viết sẵn.")
        takes, gives = _FILTERS[node.name]
        if given is not None and (takes == "list") != isinstance(given, list):
            self._refuse(f"Bộ lọc “{node.name}” không dùng được cho “{_told(node.node)}”.")
            return None
        return given[0] if gives == "item" and isinstance(given, list) else gives


def _suggestion(name: str, known) -> str:
    close = difflib.get_close_matches(name, list(known), n=1, cutoff=0.6)
    return f" Có phải “{close[0]}”?" if close else ""


def _root(node: nodes.Node) -> str:
    while isinstance(node, nodes.Getattr | nodes.Getitem | nodes.Filter) and node.node is not None:
        node = node.node
    return node.name if isinstance(node, nodes.Name) else ""


def _told(node: nodes.Node) -> str:
    """An expression as people wrote it, shortened."""
    return "".join(_words(node))[:60]


def _words(node: nodes.Node) -> Iterator[str]:
    if isinstance(node, nodes.Name):
        yield node.name
    elif isinstance(node, nodes.Getattr):
        yield from _words(node.node)
        yield f".{node.attr}"
    elif isinstance(node, nodes.Getitem):
        yield from _words(node.node)
        yield "[…]"
    elif isinstance(node, nodes.Call):
        yield from _words(node.node)
        yield "(…)"
    elif isinstance(node, nodes.Filter) and node.node is not None:
        yield from _words(node.node)
        yield f"|{node.name}"
    elif isinstance(node, nodes.Const):
        yield repr(node.value)
    else:
        yield "…"
