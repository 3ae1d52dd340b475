"""What a page loads beside its HTML: the graphs of its levels, and all that its driven pictures can come to show."""

import re

from iolab.draw.html import WALKED

JSON = '<script type="application/json">'
LEVEL = re.compile(rf'(?<={WALKED}" data-name=")(\w+)(".*?<div class="io-data" hidden>){JSON}'
                   r'(.*?)</script></div>', re.S)
BOARD = re.compile(rf'(?<=<figure class="iolab-picture" data-name=")(\w+)("(?:(?!<figure).)*?{JSON})'
                   r'(\{"board":.*?)(?=</script>)', re.S)


def without_data(block):
    """(the HTML without these data, {"level-NAME.js" or "picture-NAME.js": text}): for pages that load the scripts.

    They have to run before the player and the walker.
    """
    scripts = {}

    def level(found):
        name, before, data = found.groups()
        scripts[f"level-{name}.js"] = f'(window.iolabLevels||={{}})["{name}"]={data};'
        return f"{name}{before}</div>"

    def board(found):
        name, before, data = found.groups()
        scripts[f"picture-{name}.js"] = (
            f'for (const one of document.querySelectorAll(\'figure[data-name="{name}"]>script\'))\n'
            f"  if (!one.textContent) one.textContent = JSON.stringify({data});\n")
        return f"{name}{before}"

    return BOARD.sub(board, LEVEL.sub(level, block)), scripts
