"""Page layouts of the demo portal, one kind of portal a module; LAYOUTS holds them in the order articles take turns."""

from __future__ import annotations

from warraq.demo.layouts import aspnet, classic, masaa, semantic, wordpress
from warraq.demo.layouts.layout import Layout

LAYOUTS: dict[str, Layout] = {
    layout.name: layout
    for layout in (
        masaa.MASAA,
        wordpress.WORDPRESS,
        aspnet.ASPNET,
        classic.BREAKS,
        classic.TABLES,
        semantic.DIGITS,
        classic.TEXT_DATE,
        classic.CP1256,
        semantic.AMP,
        semantic.MICRODATA,
    )
}
