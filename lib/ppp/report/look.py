"""The look: two inks, one accent, one warning colour (Okabe and Ito 2008), and fonts."""

INK = "#1a1a1a"
SOFT = "#595959"
GREY = "#bdbdbd"
BLUE = "#0072B2"
VERMILION = "#D55E00"
PAIR = (BLUE, "#E69F00")

SIZE = 8.25  # points, 11 pixels on a page; nothing in a figure is smaller
FONTS = ("Arial", "Helvetica", "Liberation Sans", "DejaVu Sans")
CJK_FONTS = (
    "Noto Sans CJK SC",
    "Source Han Sans SC",
    "Microsoft YaHei",
    "PingFang SC",
    "WenQuanYi Micro Hei",
    "Droid Sans Fallback",
)
