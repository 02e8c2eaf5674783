"""The Markdown of an assembly's texts as a tree that the template can lay out.

A node is {"kind", "text" | "children", …}. What a signed document has no use for (pictures, HTML)
stays visible as the text it was written as.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

Node = dict[str, Any]

_markdown: Final = MarkdownIt("commonmark", {"html": False}).disable(
    ["image", "heading", "lheading", "hr"]
)
_LISTS: Final = {"bullet_list": "bullets", "ordered_list": "numbers"}
_INLINE: Final = {"strong": "strong", "em": "emphasis", "link": "link"}


def parse(text: str) -> list[Node]:
    """The blocks of a text."""
    return list(_blocks(SyntaxTreeNode(_markdown.parse(text)).children))


def _blocks(nodes: Sequence[SyntaxTreeNode]) -> Iterator[Node]:
    for node in nodes:
        if node.type in _LISTS:
            items = [list(_blocks(item.children)) for item in node.children]
            start = int(node.attrs.get("start", 1))
            yield {"kind": _LISTS[node.type], "items": items, "start": start}
        elif node.type in ("fence", "code_block"):
            yield {"kind": "code", "text": node.content}
        elif node.type == "blockquote":
            yield {"kind": "quote", "children": list(_blocks(node.children))}
        else:
            inline = [child for block in node.children for child in block.children]
            yield {"kind": "paragraph", "children": list(_inline(inline))}


def _inline(nodes: Sequence[SyntaxTreeNode]) -> Iterator[Node]:
    for node in nodes:
        if node.type in _INLINE:
            found: Node = {"kind": _INLINE[node.type], "children": list(_inline(node.children))}
            if node.type == "link":
                found["to"] = str(node.attrs.get("href", ""))
            yield found
        elif node.type == "code_inline":
            yield {"kind": "code", "text": node.content}
        elif node.type == "hardbreak":
            yield {"kind": "break"}
        elif node.type == "softbreak":
            yield {"kind": "text", "text": " "}
        else:
            yield {"kind": "text", "text": node.content}
