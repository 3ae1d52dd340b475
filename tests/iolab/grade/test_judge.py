"""The judge as a command and as a function: what it says, and that nothing is left, whatever the program does."""

import dataclasses
import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import textwrap

import pytest

import iolab
from iolab.grade import hints, labs, report, scores
from iolab.grade.judge import FAILED, NOT_TRIED, PASSED, Judge
from iolab.grade.pace import Pace
from iolab.grade.transcript import Transcript, difference, shown
from pages import ROOT
from processes import marked, wait_until

ECHO = ROOT / "tests/labs/echo/threads.py"


def judge(*arguments, cwd=ROOT):
    return subprocess.run([sys.executable, "-m", "iolab.grade", *map(str, arguments)], cwd=cwd, capture_output=True,
                          text=True, timeout=120)


def program(folder, code):
    """A server from these lines, which find `port` and `listener` ready and the first line printed."""
    path = folder / "program.py"
    path.write_text(textwrap.dedent("""\
        import os, signal, socket, sys, threading, time
        port = int(sys.argv[sys.argv.index("--port") + 1])
        listener = socket.create_server(("127.0.0.1", port))
        print("listening on 127.0.0.1:%d" % listener.getsockname()[1], flush=True)
        """) + textwrap.dedent(code))
    return path


def verdict(path, lab="echo", **options):
    return Judge(labs.find(lab), [sys.executable, str(path)], **options).run()


def test_a_failure_says_four_things_and_a_hint_with_its_page():
    done = judge("echo", "--seed", 7, "--hint", "--", sys.executable, "code/labs/echo.py")
    assert done.returncode == 1 and done.stderr == ""
    lines = [line.strip() for line in done.stdout.splitlines()]
    at = next(number for number, line in enumerate(lines) if line.startswith("✗"))
    labels = [line.partition("：")[0] for line in lines[at + 1:at + 6]]
    assert labels == ["客户端", "应该来", "来的是", "提示", "再提示"]
    assert "甲连接" in lines[at + 1] and all(len(line.partition("：")[2]) >= 3 for line in lines[at + 1:at + 6])
    assert "《TCP 套接字》network/tcp-socket.html" in lines[at + 4]
    assert "--seed 7" in lines[-1]


def test_the_same_seed_draws_the_same_inputs_and_another_others():
    def sent(seed):
        return verdict(ROOT / "code/labs/echo.py", seed=seed).verdicts[0].steps

    assert sent(3) == sent(3) != sent(4)
    assert Judge(labs.find("echo"), []).seed != Judge(labs.find("echo"), []).seed


def test_the_score_file_holds_every_scenario_and_the_status_says_whether_all_passed(tmp_path):
    file = tmp_path / "score.json"
    done = judge("framing", "--json", file, "--student", "张三", "--", sys.executable, "code/labs/framing.py")
    score = json.loads(file.read_text(encoding="utf-8"))
    outcomes = [one["outcome"] for stage in score["stages"] for one in stage["scenarios"]]
    assert done.returncode == 1 and score["passed"] is False
    assert score["score"] == outcomes.count(PASSED) > 0 and score["of"] == len(outcomes)
    assert outcomes.count(FAILED) == 1 and outcomes.index(FAILED) == outcomes.count(PASSED)
    assert set(outcomes[outcomes.index(FAILED) + 1:]) == {NOT_TRIED}
    failed = next(one for stage in score["stages"] for one in stage["scenarios"] if one["outcome"] == FAILED)
    assert failed["did"] and failed["expected"] and failed["came"] and failed["hint"]["page"] == "network/tcp-framing"
    assert os.listdir(tmp_path) == ["score.json"]
    gathered = scores.read(file, "")
    assert (gathered.student, gathered.score, gathered.remark) == ("张三", score["score"], "") and gathered.judged


def test_a_process_that_is_gone_when_it_is_looked_at_is_a_failure(monkeypatch):
    def looks(scene):
        os.kill(scene.program.pid, 9)
        scene.program.wait(5)
        os.kill(scene.program.pid, 0)

    stage = labs.find("echo").stages[0]
    monkeypatch.setattr(stage, "scenarios", [dataclasses.replace(stage.scenarios[0], attack=looks)])
    failed = verdict(ECHO, only=1).first_failure
    assert failed.hint == "once" and "SIGKILL" in failed.came


def test_a_program_that_is_run_has_time_to_start(monkeypatch):
    """A worker of a pool is an interpreter that starts first: three times as long as the reference may take for all."""
    def asks(scene):
        late = 3 * scene.pace.patience
        code = f"import time; input(); time.sleep({late}); print('ok', flush=True); input()"
        stream = scene.run(command=[sys.executable, "-c", code])
        stream.send(b"go\n")
        assert stream.line("ok") == b"ok\n"

    stage = labs.find("pool").stages[0]
    monkeypatch.setattr(stage, "scenarios", [dataclasses.replace(stage.scenarios[0], attack=asks)])
    monkeypatch.setattr(Pace, "again", lambda pace: 0)
    assert verdict(ECHO, lab="pool", only=1).passed


def test_a_server_that_dies_of_too_many_is_told_why():
    failed = verdict(ROOT / "code/labs/c10k.py", lab="c10k", only=2).first_failure
    assert failed.hint == "select" and "ValueError" in failed.came and re.search(r"得到的有 \d+ 个", failed.came)


def test_a_machine_with_few_descriptors_is_respected_and_told():
    limit = ["bash", "-c", "ulimit -n 600; exec \"$@\"", "-"]
    done = subprocess.run([*limit, sys.executable, "-m", "iolab.grade", "c10k", "--", sys.executable,
                           "tests/labs/c10k/epoll.py"], cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout
    assert done.stdout.count("只允许 600 个描述符（ulimit -Hn），所以只来 500 个客户端") == 3
    assert re.search(r"400 个空闲，100 个在说话.*\n +你的程序 +█+ [\d.]+ 千次\n +epoll +█+ ", done.stdout)


def test_one_stage_alone():
    score = verdict(ROOT / "code/labs/echo.py", every=True, only=3)
    assert {one.stage for one in score.verdicts} == {3} and len(score.verdicts) == 3
    done = judge("echo", "--stage", 9, "--", sys.executable, ECHO)
    assert done.returncode == 1 and "没有第 9 关" in done.stderr


def test_all_goes_on_after_a_failure():
    outcomes = [one.outcome for one in verdict(ROOT / "code/labs/echo.py", every=True).verdicts]
    assert NOT_TRIED not in outcomes and outcomes.count(FAILED) > 3 and outcomes.count(PASSED) > 1


def test_the_list_names_every_lab_and_scenario():
    said = judge("--list").stdout
    for lab in labs.every():
        assert re.search(rf"^{lab.name}\s+{lab.title}$", said, re.M)
        for stage in lab.stages:
            assert all(one.title in said for one in stage.scenarios)


@pytest.mark.parametrize(("arguments", "said"), [
    (("ecko", "--", "true"), "是不是 echo？"),
    (("echo", "--", "no-such-program"), "找不到 no-such-program"),
    (("echo",), "没有给出程序"),
    (("echo", "--json", "/no/such/folder/a.json", "--", "true"), "成绩写不进 /no/such/folder/a.json"),
    ((), "--list"),
])
def test_a_wrong_command_is_one_sentence(arguments, said):
    done = judge(*arguments)
    assert done.returncode not in (0, 1, -signal.SIGKILL) or done.stderr.count("\n") == 1
    assert said in done.stderr and "Traceback" not in done.stderr


def test_a_fixed_port(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        refused = judge("echo", "--port", port, "--", sys.executable, ECHO)
        assert refused.returncode == 1 and "已经有别的程序在监听" in refused.stderr
    fixed = tmp_path / "fixed.py"
    fixed.write_text(ECHO.read_text().replace("main(**vars(parser.parse_args()))", f"main('127.0.0.1', {port})")
                     .replace('    print("listening', '    0 and print("listening'))
    ended = judge("echo", "--port", port, "--stage", 1, "--", sys.executable, fixed)
    assert ended.returncode == 0, ended.stdout


def test_a_program_cannot_pass_by_what_it_prints(tmp_path):
    path = program(tmp_path, """
        print("\\x1b[2J  ✓ 发什么，回什么\\n全部通过：5 关，18 场。", flush=True)
        os._exit(0)
    """)
    done = judge("echo", "--", sys.executable, path)
    assert done.returncode == 1 and "\x1b" not in done.stdout
    assert not done.stdout.splitlines()[-1].startswith("全部通过")
    assert all(line.startswith(("      来的是：", "  ✗", "第", "程序", "实验", "      ", "通过了"))
               for line in done.stdout.splitlines())


def test_a_program_cannot_lend_the_server_of_another(tmp_path):
    path = tmp_path / "program.py"
    with socket.create_server(("127.0.0.1", 0)) as other:
        path.write_text(f"print('listening on 127.0.0.1:{other.getsockname()[1]}', flush=True)\ninput()")
        score = verdict(path)
    assert score.first_failure.hint == "start" and "不是它" in score.first_failure.came


def test_nothing_outlives_the_judge_whatever_the_program_does(tmp_path, nothing_left):
    path = program(tmp_path, """
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        for _ in range(3):
            if os.fork() == 0:
                os.setsid()
                if os.fork() == 0:
                    time.sleep(1000)
                os._exit(0)
        while True:
            time.sleep(1)
    """)
    score = verdict(path)
    assert (score.first_failure.name, score.first_failure.hint) == ("says_it_back", "once")


def test_a_flood_of_output_is_no_trouble(tmp_path):
    path = program(tmp_path, """
        threading.Thread(target=lambda: [os.write(1, b"x" * 65536) for _ in iter(int, 1)], daemon=True).start()
        conn, _ = listener.accept()
        conn.sendall(conn.recv(100))
        time.sleep(1000)
    """)
    score = verdict(path)
    assert [one.outcome for one in score.verdicts[:2]] == [PASSED, FAILED]


def test_what_eats_the_memory_is_ended_with_its_figure(tmp_path, monkeypatch):
    from iolab.grade import program as room
    monkeypatch.setattr(room, "MOST_MEMORY", 100 << 20)
    score = verdict(program(tmp_path, "hoard = b'x' * (200 << 20)\ntime.sleep(1000)\n"))
    assert score.first_failure.hint == "excess" and re.search(r"占了 \d{3} MiB", score.first_failure.came)


def files_below(folder):
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.mark.parametrize(("lab", "stage", "right", "begun"), [
    ("echo", 1, None, lambda folder: len(marked("killed-in-mid-run")) >= 5),  # judge, sweeper, two guardians, program
    ("ftp", 5, "ftp/tasks.py", lambda folder: any(path.name.startswith(".part-") for path in files_below(folder))),
    ("c10k", 3, "c10k/epoll.py", lambda folder: any(map(holds_many, marked("killed-in-mid-run")))),
])
def test_a_judge_that_is_killed_leaves_nothing(lab, stage, right, begun, tmp_path, monkeypatch, nothing_left):
    path = ROOT / "tests/labs" / right if right else program(
        tmp_path, "signal.signal(signal.SIGTERM, signal.SIG_IGN)\ntime.sleep(1000)\n")
    (folder := tmp_path / "tmp").mkdir()
    env = {**os.environ, "JUDGED": "killed-in-mid-run", "TMPDIR": str(folder)}
    running = subprocess.Popen([sys.executable, "-m", "iolab.grade", lab, "--stage", str(stage), "--", sys.executable,
                                path], env=env, stdout=subprocess.DEVNULL, cwd=ROOT)
    wait_until(lambda: begun(folder), f"the midst of {lab}, stage {stage}")
    running.kill()
    running.wait()
    wait_until(lambda: not marked("killed-in-mid-run"), "the end of all of them")
    wait_until(lambda: not list(folder.iterdir()), f"an empty folder, not {list(folder.iterdir())}")


def holds_many(pid):
    try:
        return len(os.listdir(f"/proc/{pid}/fd")) > 500
    except OSError:
        return False


@pytest.mark.parametrize(("lab", "stage", "right"), [("echo", 2, "threads.py"), ("ftp", 5, "threads.py"),
                                                     ("c10k", 2, "epoll.py"), ("reliable", 2, "selective.py")])
def test_an_ordinary_user_may_judge(lab, stage, right):
    """Without any right of root: no namespace, nobody else's processes, the limits that are set."""
    user = {"user": 65534, "group": 65534, "extra_groups": []} if os.geteuid() == 0 else {}
    command = [sys.executable, "-m", "iolab.grade", lab, "--stage", str(stage), "--", sys.executable,
               str(ROOT / "tests/labs" / lab / right)]
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o777)
        env = {**os.environ, "TMPDIR": folder, "PYTHONPATH": str(ROOT / "code"), "PYTHONDONTWRITEBYTECODE": "1"}
        try:
            done = subprocess.run(command, env=env, cwd=folder, capture_output=True, text=True, timeout=120, **user)
        except PermissionError:
            pytest.skip(f"{sys.executable} lies where only its owner may run it")
        assert not os.listdir(folder)
    if "Permission denied" in done.stderr:
        pytest.skip("the book lies where only its owner may read it")
    assert done.returncode == 0, done.stdout + done.stderr


def test_two_judges_at_once():
    command = [sys.executable, "-m", "iolab.grade", "echo", "--stage", "2", "--", sys.executable, ECHO]
    both = [subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    said = [one.communicate(timeout=120)[0] for one in both]
    assert [one.returncode for one in both] == [0, 0], said


def test_grade_on_a_page_prints_and_returns_the_score(capsys, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    score = iolab.grade("framing", "labs/framing.py", seed=1)
    assert not score.passed and score.first_failure.name == "together"
    assert "种子：1\n" in capsys.readouterr().out
    from iolab import grade  # the package by now: it judges as well
    with pytest.raises(LookupError, match="没有实验 nothing"):
        grade("nothing", "labs/echo.py")


def test_patience_follows_the_machine(monkeypatch):
    from iolab.grade import pace
    measured = iter([0.01, 0.03, 0.02])
    monkeypatch.setattr(pace, "measure", lambda: next(measured))
    one = Pace()
    first = one.patience
    assert one.again() == pytest.approx(2 * first)
    assert one.again() == 0 and one.patience == pytest.approx(3 * first)


def test_bytes_are_shown_so_that_no_terminal_obeys_them():
    assert shown("半\x1b[2J\n".encode()) == "“半\\x1b[2J\\n”"
    assert shown("半".encode()[1:]) == "“\\x8d\\x8a”"
    assert shown(b"") == "“”（0 字节）"
    assert shown(b"x" * 1000).endswith("（1000 字节）") and len(shown(b"x" * 1000)) < 70
    assert difference(b"abcX", b"abcd").startswith("从第 4 个字节起不同：“X”，应该是 “d”")


def test_a_transcript_is_one_line_with_its_first_and_last_steps():
    told = Transcript()
    for number in range(30):
        told.note("甲" if number < 20 else "乙", "发", b"%d" % number)
    line = str(told)
    assert line.startswith("甲发 “0”，发 “1”") and "（20 步）" in line and line.endswith("发 “29”")
    assert len(told.lines()) == 30 and told.lines()[0] == "甲发 “0”  [30]"


@pytest.mark.parametrize("lab", labs.NAMES)
def test_a_lab_is_whole(lab):
    found = labs.find(lab)
    text = (ROOT / "book" / f"{found.page}.ipynb").read_text(encoding="utf-8")
    assert (ROOT / f"code/labs/{lab}.py").exists()
    for stage in found.stages:
        assert 1 <= stage.stars <= 3 and stage.scenarios
        assert f"{'★' * stage.stars} {stage.title} |" in text
        assert all(one.title.replace("\\", "\\\\") in text and {one.hint, one.excess} <= found.hints.keys()
                   for one in stage.scenarios)
    assert [stage.stars for stage in found.stages] == sorted(stage.stars for stage in found.stages)
    for name, hint in found.hints.items():
        assert hints.title_of(hint.page.partition("#")[0]), f"{lab}: {name} leads to {hint.page}, which is no page"


def test_every_hint_that_an_attack_names_is_there():
    room = ROOT / "code/iolab/grade"
    for lab in labs.every():
        source = "".join((room / name).read_text(encoding="utf-8") for name in (f"labs/{lab.name}.py", "schedules.py"))
        named = set(re.findall(r'hint="([\w-]+)"', source))
        assert named and named <= lab.hints.keys(), named - lab.hints.keys()
        own = set(re.findall(r'^    "([\w-]+)": Hint\(', source, re.M))
        assert own and all(source.count(f'"{name}"') > 1 for name in own), f"{lab.name}: a hint that nobody gives"


def test_the_report_of_a_score_counts():
    score = verdict(ROOT / "code/labs/framing.py", "framing", seed=5)
    assert report.tail(score).startswith("通过了 3 场，共 26 场；停在第 1 关")
