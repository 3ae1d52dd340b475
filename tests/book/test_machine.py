"""The Linux in the page, its terminals and cells, in Chromium. One is started for all; `make machine` builds it."""

import json
import re
import time

import pytest
from axe_playwright_python.sync_playwright import Axe

from machine_driver import PAGE, MachinePage
from processes import wait_until


def test_a_listing_s_button_types_its_command_and_a_client_talks_to_the_server(machine):
    machine.until(lambda screen: re.search(r"\$ |# ", screen) and "listening on 127.0.0.1:9000" in screen)
    assert "python code/day4/tcp_server.py --port 9000" in machine.screen()
    machine.tab.get_by_role("button", name="＋ 终端").click()
    machine.terminal(2).wait_for()
    machine.type("python code/day4/tcp_client.py --port 9000", 2)
    machine.tab.wait_for_timeout(1000)
    machine.type("你好，页面", 2)
    machine.until(lambda screen: screen.count("你好，页面") >= 2, 2)
    machine.tab.keyboard.press("Control+D")
    machine.terminal(1).locator("textarea").focus()
    machine.tab.keyboard.press("Control+C")
    machine.until(lambda screen: screen.rstrip().endswith("#"))


def test_the_clock_is_right(machine):
    machine.type("clear; date +%s")
    told = machine.until(lambda screen: re.search(r"^\d{10}\s*$", screen, re.M))
    assert abs(int(re.search(r"^(\d{10})\s*$", told, re.M)[1]) - time.time()) < 60


@pytest.mark.parametrize("script", ["day5/fork.py", "day2/copy_fixed.py", "day6/zombie.py"])
def test_a_script_ends_in_the_terminal_as_outside(machine, script):
    machine.type(f"clear; python code/{script} > /tmp/out; echo $? of {script}")
    machine.until(lambda screen: re.search(rf"^0 of {script}", screen, re.M))


def test_cells_run_and_keep_their_state(machine):
    machine.tab.get_by_role("button", name="收起", exact=True).click()
    machine.tab.locator(".machine-run").first.click()
    machine.wait(1)
    assert "页面里的 Linux" in machine.kernel
    machine.run(2, "x = 20 + 1")
    assert "42" in machine.run(2, "print(x * 2)")
    assert "子进程" in machine.run(2, "from iolab import run, serve\nrun('day5/fork.py')")
    assert machine.run(2, """import socket
with serve('day10/epoll_server.py') as server:
    with socket.create_connection(server.address) as s:
        s.sendall('你好'.encode()); print(s.recv(100).decode())""").strip() == "你好"


def test_an_error_a_stop_and_a_new_start(machine):
    assert "ZeroDivisionError" in machine.run(2, "1 / 0", state="error")
    machine.begin(2, "import time\nwhile True: time.sleep(0.1)")
    machine.wait(2, "running")
    machine.tool("停止").click()
    machine.wait(2, "error")
    assert "停下来了" in machine.output(2)
    machine.run(2, "import os; os._exit(0)", state="error")
    machine.told("运行单元格的 Python 进程结束了")
    assert "again" in machine.run(2, "print('again')")
    assert "32 位" in machine.run(2, "assert False", state="error")
    assert "没有带上" in machine.run(2, "import matplotlib", state="error")
    machine.run(2, "x = 1")
    machine.tool("重来").click()
    machine.told("重新启动了")
    assert "NameError" in machine.run(2, "x", state="error")


def test_a_picture_is_the_page_s_own_and_what_is_not_there_says_so(machine):
    machine.run(2, "from iolab import play, record\nplay('handshake')\nrecord()")
    assert "页面里的 Linux" in machine.output(2)


def test_the_sender_s_form_speaks_with_the_server_of_another_cell(machine):
    """With keys only; what is typed while a cell runs goes out too, in order."""
    tab = machine.tab
    machine.start()
    machine.run(3, "from iolab import sender, serve\nserver = serve('day4/tcp_server.py')")
    machine.run(4, "talk = sender(server)\ntalk")
    form = machine.cell(4).locator(".machine-sender")
    form.get_by_label("端口").focus()
    tab.keyboard.press("Enter")
    form.get_by_text("ESTABLISHED").first.wait_for()
    assert tab.evaluate("document.activeElement.placeholder") == "输入消息，按 Enter 发送"
    for words in ("你好", "again", "<b>"):
        tab.keyboard.insert_text(words)
        tab.keyboard.press("Enter")
    wait_until(lambda: "<b>" in sent_back(form), "the last is back")
    assert sent_back(form) == "你好again<b>"
    machine.begin(5, "import time\nwhile b'end' not in talk.log.answer: time.sleep(0.1)")
    machine.wait(5, "running")
    field = form.get_by_label("消息", exact=True)
    field.fill("end")
    field.press("Enter")
    machine.wait(5)
    form.get_by_label("写法").select_option(label="十六进制")
    field.fill("00 f")
    field.press("Enter")
    form.get_by_role("alert").get_by_text("十六进制有 3 位").wait_for()
    assert field.input_value() == "00 f"
    field.fill("00 ff")
    field.press("Enter")
    form.locator("td.text", has_text="十六进制 00 ff").nth(1).wait_for()
    form.get_by_role("button", name="半关闭").click()
    form.get_by_text("收到 FIN").wait_for()
    machine.run(5, "server.stop()")
    form.get_by_role("button", name="连接").click()
    form.get_by_role("alert").get_by_text("拒绝连接").wait_for()
    machine.tool("重来").click()
    form.get_by_role("alert").get_by_text("这个发送器结束了").wait_for()


def sent_back(form):
    texts = form.locator("tr", has_text="← 收到").locator("td.text").all_inner_texts()
    return "".join(json.loads(text) for text in texts)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_sender_s_form_fits_a_phone_and_is_labelled(machine, theme):
    machine.start()
    machine.tab.set_viewport_size({"width": 390, "height": 800})
    machine.tab.evaluate("theme => { document.documentElement.dataset.theme = theme }", theme)
    machine.run(4, "from iolab import sender\nsender('127.0.0.1', 9)")
    form = machine.cell(4).locator(".machine-sender")
    form.get_by_role("button", name="连接").click()
    form.get_by_role("alert").get_by_text("拒绝连接").wait_for()
    found = Axe().run(machine.tab, context={"include": [[".machine-sender"]]}, options={"resultTypes": ["violations"]})
    assert found.violations_count == 0, found.generate_report()
    assert form.evaluate("form => form.scrollWidth <= form.clientWidth")
    machine.tab.set_viewport_size({"width": 1280, "height": 900})


def test_nothing_of_another_host_is_asked_for(machine, origin_of_machine):
    assert all(url.startswith((origin_of_machine, "blob:", "data:")) for url in machine.asked), machine.asked


def test_a_listing_is_edited_run_as_edited_and_restored(machine):
    machine.tab.get_by_role("button", name="编辑：day4/tcp_server.py").click()
    machine.tab.locator(".cm-content:focus").wait_for()
    machine.tab.keyboard.press("Control+A")
    machine.tab.keyboard.insert_text("print('改过', 6 * 7)")
    machine.tab.keyboard.press("Shift+Enter")
    machine.terminal(3).wait_for()  # the others have been used
    machine.until(lambda screen: "改过 42" in screen, 3)
    assert machine.tab.evaluate("localStorage.getItem('iolab-machine-file:day4/tcp_server.py')")
    machine.tab.get_by_role("button", name="还原：day4/tcp_server.py").click()
    assert not machine.tab.evaluate("localStorage.getItem('iolab-machine-file:day4/tcp_server.py')")
    machine.tab.get_by_role("button", name="收起", exact=True).click()


def test_two_readers_get_other_random_numbers_and_a_kept_machine_is_not_loaded_again(machine, origin_of_machine):
    first = machine.run(2, "import os, random; print(os.urandom(4).hex(), random.random())")
    other = MachinePage(machine.tab.context.new_page())
    loaded = []
    other.tab.on("request", lambda request: loaded.append(request.url))
    other.tab.goto(origin_of_machine + PAGE)
    other.unfold()
    other.tab.locator(".machine-run").first.click()
    other.wait(1, timeout=120)  # has been agreed to: not asked again
    assert other.run(2, "import os, random; print(os.urandom(4).hex(), random.random())") != first
    assert not [url for url in loaded if "state.zst" in url]
    other.tab.close()


def test_closed_it_is_gone_and_says_so(machine):
    machine.tab.get_by_role("button", name="终端", exact=True).click()
    machine.tab.get_by_role("button", name="关机").click()
    machine.told("关掉了")
    assert machine.tab.locator(".machine-drawer").is_hidden()
