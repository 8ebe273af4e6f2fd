"""Who a part of the prose is given to, where the part itself does not say.

A department may head its duties (`甲局：负责…`, or a heading 甲局 with items below), and a line
一处 `责任单位：甲` may stand once for several items.
"""

from __future__ import annotations

from collections import defaultdict

from importers.prosetree import Node
from importers.prosewords import Said, are_departments, headed

_SHARE = 0.6


def settle(root: Node) -> set[Node]:
    """Give every part what stands elsewhere for it; the nodes whose share is a guess."""
    by_style: dict[str, list[Node]] = defaultdict(list)
    for node in root.below():
        by_style[node.style].append(node)
    for nodes in by_style.values():
        _give_by_head(nodes)
    guessed: set[Node] = set()
    _give_from_last(root, _styles_of_tasks(root), guessed)
    return guessed


def _give_by_head(nodes: list[Node]) -> None:
    """Items of one style that begin with a department, or are headings that only name one."""
    heads = [(node, head) for node in nodes if (head := headed(node.text))]
    sure = [node for node, (name, _) in heads if are_departments(name)]
    if len(sure) > 1 and len(heads) >= _SHARE * len(nodes) and len(sure) >= _SHARE * len(heads):
        for node, (name, duty) in heads:
            node.text = duty
            node.said.insert(0, (node.row, Said("who", "", name)))
        return
    named = [node for node in nodes if not node.is_given and _only_names(node)]
    if len(named) > 1 and len(named) >= _SHARE * len(nodes):
        for node in named:
            node.said.append((node.row, Said("who", "", node.text.rstrip("：: "))))
            node.children[:0] = [Node(r, text=text, parent=node) for r, text in node.body]
            node.body.clear()


def _only_names(node: Node) -> bool:
    text = node.text.rstrip("：: ")
    return bool(node.children or node.body) and "。" not in text and are_departments(text)


def _styles_of_tasks(root: Node) -> set[str]:
    """The styles of items that say themselves who they are given to."""
    return {node.style for node in root.below() if node.is_given and not node.children}


def _give_from_last(node: Node, styles: set[str], guessed: set[Node]) -> None:
    """A line of departments below the last of several items may stand for them all."""
    for child in node.children:
        _give_from_last(child, styles, guessed)
    items, last = node.children, node.children[-1] if node.children else None
    if last is None or len(items) < 2 or not last.apart or last.children or not last.style:
        return
    if any(item.is_given or item.children or item.style != last.style for item in items[:-1]):
        return
    if node.style in styles and node.style != last.style:
        _fold(node)
        return
    for item in items[:-1]:
        item.said = list(last.said)
    guessed.add(last)


def _fold(node: Node) -> None:
    """The items are parts of one task: their lines join its text."""
    for item in node.children:
        node.body.append((item.row, f"{item.marker}{item.text}"))
        node.body += item.body
        node.said += item.said
    node.children.clear()
