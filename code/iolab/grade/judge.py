"""Run the scenarios of a lab against a command, in rising order, and end everything that was started."""

import contextlib
import secrets
import shutil
import time
from dataclasses import dataclass, field

from iolab.grade.folder import own_folder
from iolab.grade.lab import Failed
from iolab.grade.pace import Pace
from iolab.grade.program import Server
from iolab.grade.scene import Draw, Scene

PASSED, FAILED, NOT_TRIED = "passed", "failed", "not tried"


@dataclass
class Verdict:
    """Of one scenario. did: the transcript as one line; steps: all of it. expected, came, hint, about: as in Failed.

    remarks: what it says although all is well; bars: what it measured (a lab.Bars), if anything.
    """

    stage: int
    name: str
    title: str
    outcome: str = NOT_TRIED
    seconds: float = 0.0
    did: str = ""
    steps: list[str] = field(default_factory=list, repr=False)
    expected: str = ""
    came: str = ""
    hint: str = ""
    about: str = ""
    remarks: list[str] = field(default_factory=list)
    bars: object = None


@dataclass
class Score:
    """What the judge found. verdicts: one for each scenario of the lab, or of its one stage that was asked for."""

    lab: object
    command: list[str]
    seed: int
    verdicts: list[Verdict]

    @property
    def passed(self):
        return all(one.outcome == PASSED for one in self.verdicts)

    @property
    def first_failure(self):
        return next((one for one in self.verdicts if one.outcome == FAILED), None)


class Judge:
    """command: argv; port: a fixed one for a program that cannot take --port 0; every: go on after a failure.

    only: the number of the one stage that is wanted, from 1 (None: all). Raises LookupError when there is none.
    tell: called with (lab's stage, Verdict) after each scenario, and with (stage, None) before a stage's first.
    """

    def __init__(self, lab, command, seed=None, port=None, every=False, tell=None, only=None):
        self.lab, self.command, self.port, self.every = lab, command, port, every
        self.seed = secrets.randbelow(10**9) if seed is None else seed
        self.tell = tell or (lambda *_: None)
        self.stages = list(enumerate(lab.stages, 1))
        if only is not None:
            self.stages = self.stages[only - 1:only] if only > 0 else []
            if not self.stages:
                raise LookupError(f"实验 {lab.name} 有 {len(lab.stages)} 关，没有第 {only} 关。")
        self.pace, self._folder = None, None

    def run(self):
        """The Score. Whatever happens, nothing that was started is left."""
        verdicts = [[Verdict(number, one.name, one.title) for one in stage.scenarios]
                    for number, stage in self.stages]
        score = Score(self.lab, self.command, self.seed, [one for row in verdicts for one in row])
        self.pace = Pace()
        with own_folder() as top:
            for (number, stage), row in zip(self.stages, verdicts, strict=True):
                self._run_stage(stage, row, top / str(number))
                if not self.every and score.first_failure:
                    break
        return score

    def start(self, stage, arguments=(), port=None):
        """The student's program as a server, with what the stage and these arguments say."""
        given = [one.format(folder=self._folder) for one in stage.arguments]
        return Server(self.command, [*given, *map(str, arguments)], self.pace, port or self.port)

    def _run_stage(self, stage, row, top):
        self.tell(stage, None)
        program = None
        self._folder = top / "folder"  # so that there is something above it
        self._folder.mkdir(parents=True)
        try:
            for scenario, verdict in zip(stage.scenarios, row, strict=True):
                if program and scenario.fresh:
                    program.stop()
                    program = None
                program = self._run(stage, scenario, verdict, program)
                self.tell(stage, verdict)
                if verdict.outcome == FAILED:
                    if not self.every:
                        break
                    if program:
                        program.stop()
                    program = None
        finally:
            if program:
                program.stop()
            shutil.rmtree(top, ignore_errors=True)

    def _run(self, stage, scenario, verdict, program):
        begun = time.monotonic()
        scene = Scene(self, stage, program, Draw(f"{self.seed}/{self.lab.name}/{scenario.name}"), self._folder)
        try:
            if program is None and stage.serves:
                scene.note("启动程序")
                program = scene.program = self.start(stage)
            attack(scenario, scene)
            if scene.program:
                scene.program.must_live("程序活着过完这一场", "crash")
            verdict.outcome = PASSED
        except Failed as failure:
            verdict.outcome = FAILED
            verdict.expected, verdict.came = failure.expected, failure.came
            verdict.hint, verdict.about = failure.hint or scenario.hint, failure.about or scene.about
            if scene.program and getattr(scene.program, "excess", None):
                verdict.came, verdict.hint = scene.program.end(), scenario.excess
        finally:
            with contextlib.suppress(OSError):
                scene.close()
            verdict.seconds = time.monotonic() - begun
            verdict.did, verdict.steps = str(scene.transcript), scene.transcript.lines()
            verdict.remarks, verdict.bars = scene.remarks, scene.bars
            if program and program is not scene.program:  # the scenario has ended it
                program.stop()
            program = None if scene.program in scene._more else scene.program
        return program


def attack(scenario, scene):
    """Let the scenario run; a process that ended just before it was to be measured or signalled is a failure too."""
    try:
        scenario.attack(scene)
    except ProcessLookupError as error:
        came = scene.program.end() if scene.program else str(error)
        raise Failed("程序和它的进程活着过完这一场", came) from error
