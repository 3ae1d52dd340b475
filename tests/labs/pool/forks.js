// child_process.fork: Node's own channel to each worker, which closes with its parent.
const { fork } = require("node:child_process");
const readline = require("node:readline");

if (process.argv[2] === "worker") {
  process.on("disconnect", () => process.exit());
  process.on("message", async ([verb, ...words]) => {
    if (verb === "square") process.send(`ok ${BigInt(words[0]) ** 2n}`);
    else if (verb === "pid") process.send(`ok ${process.pid}`);
    else if (verb === "exit") process.exit(3);
    else if (verb === "fail") process.send(`error ${words.join(" ")}`);
    else setTimeout(() => process.send(`ok ${words[1]}`), Number(words[0]));
  });
} else {
  const todo = [], done = new Map(), crew = new Set();
  let given = 0, told = 0, ended = false;

  const hire = () => {
    const worker = { child: fork(__filename, ["worker"]), task: null };
    crew.add(worker);
    worker.child.on("message", (answer) => finish(worker, answer));
    worker.child.on("error", () => {});
    worker.child.on("exit", () => {
      crew.delete(worker);
      if (worker.task) finish(worker, "lost");
      if (!over()) hire();
      assign();
    });
  };
  const over = () => ended && told === given;
  const finish = (worker, answer) => {
    done.set(worker.task[0], answer);
    worker.task = null;
    let out = "";
    for (; done.has(told); told++) {
      out += done.get(told) + "\n";
      done.delete(told);
    }
    process.stdout.write(out);
    assign();
  };
  const assign = () => {
    for (const worker of crew) {
      if (worker.task || !todo.length || !worker.child.connected) continue;
      worker.task = todo.shift();
      worker.child.send(worker.task[1]);
    }
    if (over()) for (const worker of crew) worker.child.connected && worker.child.disconnect();
  };

  for (let count = Number(process.argv[process.argv.indexOf("--workers") + 1]); count > 0; count--) hire();
  const lines = readline.createInterface({ input: process.stdin });
  lines.on("line", (line) => {
    todo.push([given++, line.split(" ")]);
    assign();
  });
  lines.on("close", () => {
    ended = true;
    assign();
  });
}
