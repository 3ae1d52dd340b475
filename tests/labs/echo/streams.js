// Node's streams: pipe() has the back-pressure built in.
const net = require("node:net");

const server = net.createServer({ allowHalfOpen: true }, (conn) => {
  conn.on("error", () => conn.destroy());
  conn.pipe(conn);
});
const port = Number(process.argv[process.argv.indexOf("--port") + 1]);
server.listen(port, "127.0.0.1", () => console.log(`listening on 127.0.0.1:${server.address().port}`));
process.on("SIGTERM", () => process.exit(0));
